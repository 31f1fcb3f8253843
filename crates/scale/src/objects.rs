//! Files on this machine and objects in a store that speaks S3, read by name.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    sync::{Arc, LazyLock},
};

use corpus::Origin;
use datafusion::error::{DataFusionError, Result};
use object_store::{ObjectStore, ObjectStoreExt as _, aws::AmazonS3Builder, path::Path};
use tokio::runtime::{Builder, Handle, Runtime};
use url::Url;

use crate::pieces::Slice;

/// Bytes that one request asks an object store for.
const REQUEST: u64 = 8 << 20;

/// What waits for object stores while a reader blocks.
static WAITING: LazyLock<Option<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().ok());

/// Whether a name is that of an object rather than of a file.
pub(crate) fn is_object(name: &str) -> bool {
    name.starts_with("s3://")
}

/// The object store of a name, and the path in it. Endpoint, region and keys come from the usual `AWS_…` variables.
pub(crate) fn locate(name: &str) -> Result<(Arc<dyn ObjectStore>, Path)> {
    let url = Url::parse(name).map_err(|error| DataFusionError::External(error.into()))?;
    let bucket = url.host_str().unwrap_or_default();
    let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
    Ok((Arc::new(store), Path::from_url_path(url.path())?))
}

/// The size of an object in bytes.
pub(crate) async fn size(name: &str) -> Result<u64> {
    let (store, path) = locate(name)?;
    Ok(store.head(&path).await?.size)
}

/// Opens a slice; never within a task of an async runtime.
pub(crate) fn open(slice: &Slice) -> io::Result<Origin<'static>> {
    let stretch = slice.stretch.map(|stretch| stretch.start..stretch.end);
    if is_object(&slice.name) {
        return Ok(Origin::Stream(Box::new(Object::open(&slice.name, stretch)?)));
    }
    let mut file = File::open(&slice.name)?;
    let Some(stretch) = stretch else { return Ok(Origin::File(file)) };
    file.seek(SeekFrom::Start(stretch.start))?;
    Ok(Origin::Stream(Box::new(file.take(stretch.end - stretch.start))))
}

fn waiting() -> io::Result<&'static Handle> {
    WAITING
        .as_ref()
        .map(Runtime::handle)
        .ok_or_else(|| io::Error::other("no thread for requests can be started"))
}

/// An object, or a stretch of one, a request at a time.
struct Object {
    store: Arc<dyn ObjectStore>,
    path: Path,
    left: Range<u64>,
    buffer: bytes::Bytes,
}

impl Object {
    fn open(name: &str, stretch: Option<Range<u64>>) -> io::Result<Self> {
        let (store, path) = locate(name).map_err(io::Error::other)?;
        let left = match stretch {
            Some(stretch) => stretch,
            None => 0..waiting()?.block_on(store.head(&path)).map_err(io::Error::other)?.size,
        };
        Ok(Self { store, path, left, buffer: bytes::Bytes::new() })
    }

    fn request(&mut self) -> io::Result<()> {
        let end = self.left.end.min(self.left.start + REQUEST);
        let wanted = self.store.get_range(&self.path, self.left.start..end);
        self.buffer = waiting()?.block_on(wanted).map_err(io::Error::other)?;
        self.left.start = end;
        Ok(())
    }
}

impl Read for Object {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.buffer.is_empty() && !self.left.is_empty() {
            self.request()?;
        }
        let count = into.len().min(self.buffer.len());
        let given = self.buffer.split_to(count);
        if let Some(into) = into.get_mut(..count) {
            into.copy_from_slice(&given);
        }
        Ok(count)
    }
}
