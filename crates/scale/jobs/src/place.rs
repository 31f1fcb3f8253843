//! A place that machines share: a folder, or a bucket of an object store.

use std::sync::Arc;

use futures::TryStreamExt;
use object_store::{
    ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};
use url::Url;

use crate::error::JobsError;

/// Whether a place is an object store and no folder.
pub(crate) fn is_remote(place: &str) -> bool {
    place.starts_with("s3://")
}

/// A place, open. Writes are whole or none.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    store: Arc<dyn ObjectStore>,
}

impl Place {
    /// `s3://bucket/prefix`, with the usual `AWS_…` variables, or a folder, which is made.
    pub(crate) fn open(place: &str) -> Result<Self, JobsError> {
        if !is_remote(place) {
            std::fs::create_dir_all(place).map_err(JobsError::machine(format!("`{place}`")))?;
            let store = LocalFileSystem::new_with_prefix(place)?.with_automatic_cleanup(true);
            return Ok(Self { store: Arc::new(store) });
        }
        let url = Url::parse(place).map_err(|error| JobsError::Usage(format!("`{place}`: {error}")))?;
        let store = AmazonS3Builder::from_env().with_url(place).build()?;
        Ok(Self { store: Arc::new(PrefixStore::new(store, Path::from(url.path().trim_matches('/')))) })
    }

    /// The bytes at a path; none when nothing is there.
    pub(crate) async fn get(&self, path: &str) -> Result<Option<Vec<u8>>, JobsError> {
        match self.store.get(&Path::from(path)).await {
            Ok(found) => Ok(Some(found.bytes().await?.into())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts bytes at a path.
    pub(crate) async fn put(&self, path: &str, bytes: Vec<u8>) -> Result<(), JobsError> {
        self.store.put(&Path::from(path), bytes.into()).await?;
        Ok(())
    }

    /// All paths below one, sorted.
    pub(crate) async fn list(&self, below: &str) -> Result<Vec<String>, JobsError> {
        let below = (!below.is_empty()).then(|| Path::from(below));
        let found: Vec<_> = self.store.list(below.as_ref()).try_collect().await?;
        let mut paths: Vec<String> = found.into_iter().map(|meta| meta.location.to_string()).collect();
        paths.sort();
        Ok(paths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_what_is_put() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::open(&folder.path().join("site").display().to_string()).unwrap();
        assert_eq!(place.get("ab/cd.json").await.unwrap(), None);
        place.put("ab/cd.json", b"one".to_vec()).await.unwrap();
        place.put("ab/cd.json", "二".into()).await.unwrap();
        assert_eq!(place.get("ab/cd.json").await.unwrap(), Some("二".into()));
        assert_eq!(place.list("ab").await.unwrap(), ["ab/cd.json"]);
        assert!(place.list("none").await.unwrap().is_empty());
    }
}
