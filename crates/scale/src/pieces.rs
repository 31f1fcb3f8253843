//! What is read: files in pieces that different machines can take, as the table at which the plan begins.

use std::{any::Any, sync::Arc};

use async_trait::async_trait;
use datafusion::{
    arrow::{
        array::{RecordBatch, StringArray},
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    catalog::{Session, TableProvider},
    datasource::memory::MemorySourceConfig,
    error::{DataFusionError, Result},
    logical_expr::{Expr, TableType},
    physical_plan::ExecutionPlan,
};
use serde::{Deserialize, Serialize};

/// Files that are read together, because some tell about others (a personal archive), or one of them, or a stretch of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Piece {
    pub(crate) slices: Vec<Slice>,
    /// Bytes.
    pub(crate) size: u64,
}

/// A file, or a stretch of its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Slice {
    /// As the user named it: a path, or `s3://…`.
    pub(crate) name: String,
    pub(crate) stretch: Option<Stretch>,
}

/// Whole lines of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stretch {
    /// In bytes.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The number of the line at `start`, from 1.
    pub(crate) first_line: u64,
}

/// Deals pieces out to as many partitions, each about as large as the others: the largest first, to the emptiest.
pub(crate) fn deal(mut pieces: Vec<Piece>, partitions: usize) -> Vec<Vec<Piece>> {
    let mut hands: Vec<(u64, Vec<Piece>)> = vec![(0, Vec::new()); partitions.clamp(1, pieces.len().max(1))];
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.size));
    for piece in pieces {
        if let Some((size, hand)) = hands.iter_mut().min_by_key(|(size, _)| *size) {
            *size += piece.size;
            hand.push(piece);
        }
    }
    hands.into_iter().map(|(_, hand)| hand).collect()
}

/// The pieces as a table: one column, one batch a piece, so that a reader takes one at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pieces(pub(crate) Vec<Vec<Piece>>);

impl Pieces {
    pub(crate) fn schema() -> SchemaRef {
        Arc::new(Schema::new(vec![Field::new("piece", DataType::Utf8, false)]))
    }

    fn batches(&self) -> Result<Vec<Vec<RecordBatch>>> {
        let batch = |piece: &Piece| {
            let text =
                serde_json::to_string(piece).map_err(|error| DataFusionError::External(error.into()))?;
            Ok(RecordBatch::try_new(Self::schema(), vec![Arc::new(StringArray::from(vec![text]))])?)
        };
        self.0.iter().map(|hand| hand.iter().map(batch).collect()).collect()
    }
}

#[async_trait]
impl TableProvider for Pieces {
    fn schema(&self) -> SchemaRef {
        Self::schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// A source in memory, because that is a leaf of which a cluster can give each task its own part.
    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(MemorySourceConfig::try_new_exec(&self.batches()?, Self::schema(), projection.cloned())?)
    }
}

/// The table behind a provider, if it is ours.
pub(crate) fn of_provider(provider: &dyn TableProvider) -> Option<&Pieces> {
    (provider as &dyn Any).downcast_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_pieces_go_to_hands_of_their_own() {
        let piece = |size| Piece { slices: Vec::new(), size };
        let dealt = deal([1, 9, 2, 8, 3].map(piece).to_vec(), 2);
        let sizes: Vec<u64> = dealt.iter().map(|hand| hand.iter().map(|piece| piece.size).sum()).collect();
        assert_eq!(sizes, [12, 11]);
        assert_eq!(deal(vec![piece(1)], 8).len(), 1);
        assert_eq!(deal(Vec::new(), 8), [Vec::new()]);
    }
}
