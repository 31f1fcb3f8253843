//! The published JSON Schema of the audit file, derived from the structs that write it.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::audit::Audit;

/// The schema (draft 2020-12). Objects are open: a field may be added without a new version of the shape.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Audit<'_>>().to_value()
}
