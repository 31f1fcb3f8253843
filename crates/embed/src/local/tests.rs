//! With a model where `TUIBAO_TEST_MODEL` names its folder (any English one for sentences); without, those tests say so and
//! pass.

use std::{fs, path::PathBuf};

use super::*;

#[expect(
    clippy::disallowed_methods,
    reason = "the model is too large for the repository, so its place is told"
)]
fn model() -> Option<PathBuf> {
    let folder = std::env::var("TUIBAO_TEST_MODEL").ok().map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: TUIBAO_TEST_MODEL names no folder with a sentence transformer");
    }
    folder
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

const TEXTS: [&str; 4] = [
    "A new model for code is out today, with open weights and a long context window for whole repositories",
    "open weights: they release a coding model",
    "Heavy rain floods the old town",
    "",
];

#[test]
fn alike_texts_have_alike_unit_vectors() {
    let Some(folder) = model() else { return };
    let vectors = Local::new(&folder, 2).unwrap().vectors(&TEXTS).unwrap();
    for vector in &vectors {
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-4);
    }
    let (alike, other) = (cosine(&vectors[0], &vectors[1]), cosine(&vectors[0], &vectors[2]));
    assert!(alike > other + 0.2, "{alike} {other}");
}

#[test]
fn the_same_call_gives_the_same_bytes_and_batches_hardly_matter() {
    let Some(folder) = model() else { return };
    let local = Local::new(&folder, 2).unwrap();
    let vectors = local.vectors(&TEXTS).unwrap();
    assert_eq!(vectors, local.vectors(&TEXTS).unwrap());
    let alone = local.vectors(&TEXTS[..1]).unwrap();
    assert!(alone[0].iter().zip(&vectors[0]).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        let error = Local::new(folder.path(), 8).err().unwrap().to_string();
        assert!(error.starts_with(&format!("`{name}` is missing")), "{error}");
        fs::write(folder.path().join(name), r#"{"model_type": "gpt2"}"#).unwrap();
    }
    let error = Local::new(folder.path(), 8).err().unwrap().to_string();
    assert!(error.contains("`model_type` \"gpt2\"; supported: bert, xlm-roberta"), "{error}");
}

#[test]
fn poolings_and_modules_that_would_be_wrong_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(folder::pooling(folder.path()).unwrap(), Pooling::Mean);
    fs::create_dir(folder.path().join("1_Pooling")).unwrap();
    let check = |text: &str| {
        fs::write(folder.path().join("1_Pooling/config.json"), text).unwrap();
        folder::pooling(folder.path())
    };
    assert_eq!(
        check(r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#).unwrap(),
        Pooling::First
    );
    let error = check(r#"{"pooling_mode_max_tokens": true}"#).unwrap_err().to_string();
    assert!(error.contains("pooling_mode_max_tokens"), "{error}");
    fs::write(folder.path().join("modules.json"), r#"[{"type": "sentence_transformers.models.Dense"}]"#)
        .unwrap();
    assert!(folder::plain(folder.path()).unwrap_err().to_string().contains("models.Dense"));
}
