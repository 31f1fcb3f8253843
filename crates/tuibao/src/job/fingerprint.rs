//! Which settings bear on a report's bytes, as one hash: every key is named, so that a new one cannot be forgotten.

use brief::Prompts;

use crate::{
    settings::{Mode, Settings},
    vectors::Vectors,
};

/// Folders and the corpus do not bear on the bytes, the model's key is no setting; all else does.
pub(super) fn fingerprint(
    settings: &Settings,
    prompts: &Prompts,
    files: &str,
    vectors: Option<&Vectors>,
) -> String {
    let mut hasher = blake3::Hasher::new();
    let Settings {
        profile: _,
        corpus: _,
        fetch: _,
        output,
        // Made from what is published, and published by itself.
        feed: _,
        window,
        coverage,
        writer,
        model,
        fallbacks: _,
        embeddings: _,
        post,
        cloud,
        charts,
        // A page beside the post; whether it is wanted is seen by its absence.
        html: _,
        // What a report remembers has a hash of its own.
        memory: _,
        // Who is told of it, and in what words.
        notify: _,
        delivery: _,
        notice: _,
        // Who watches the runs, and how.
        log: _,
        metrics: _,
        ping: _,
        // Whether a report is published, not what is in it.
        floor: _,
        // When it is made, and where that is noted.
        run: _,
        late: _,
        ledger: _,
        // Bears on reports from audits only.
        long,
        trend,
        ads: _,
        report,
        filter,
        cluster,
        rank,
        subject,
        outline,
    } = settings;
    let asked = (writer.mode == Mode::Model).then_some((&model.base_url, &model.extra, &model.ask));
    let parts = serde_json::to_vec(&(
        (&output.image_url, (window, coverage), writer.mode, asked),
        (post, cloud, charts, report),
        (filter, cluster, rank, subject, outline),
        prompts.texts(&outline.language).collect::<Vec<_>>(),
        (files, vectors.map(Vectors::name)),
        env!("CARGO_PKG_VERSION"),
    ));
    hasher.update(&parts.unwrap_or_default());
    if long.is_from_audits() {
        hasher.update(&serde_json::to_vec(trend).unwrap_or_default());
    }
    hasher.finalize().to_hex().to_string()
}
