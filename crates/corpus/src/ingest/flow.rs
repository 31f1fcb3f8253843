//! Files in parallel, and chunks of one file in parallel; results in the order of the corpus, whatever the threads do.
//!
//! Readers unpack and cut, workers parse, the caller's thread takes the results. A reader puts each job into the workers'
//! queue, and the promise of its result into a queue of its own; the caller follows these promises in order. All queues
//! are bounded, so a slow caller slows the readers, and memory depends on the setting, not on the corpus. With one thread
//! the caller's does all of it, and there are no queues.

use std::{
    collections::BTreeMap,
    io,
    ops::ControlFlow,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use super::{
    Ingested, Input, Settings,
    archive::Archive,
    collect::{Job, collect},
    file,
};

/// A file that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{file}`")]
pub struct Unreadable {
    /// The file as the user named it.
    pub file: String,
    /// What the system says.
    pub source: io::Error,
}

type Task = (Job, SyncSender<Ingested>);

/// What a reader tells the caller's thread.
enum Told {
    Promise(Receiver<Ingested>),
    End(Result<(), Unreadable>),
}

/// Reads files and hands their content on piecemeal, in the order of `inputs` and, within a file, of its records.
///
/// # Errors
/// The first file that cannot be opened; what can be opened is never an error: whatever is wrong with it is in
/// [`Ingested::rejected`].
pub fn ingest(
    inputs: &[Input],
    settings: &Settings,
    mut each: impl FnMut(Ingested),
) -> Result<(), Unreadable> {
    let archives = archives(inputs, settings)?;
    if settings.threads <= 1 {
        let mut emit = |job| {
            each(collect(job));
            ControlFlow::Continue(())
        };
        return inputs.iter().try_for_each(|input| read_one(input, &archives, settings, &mut emit));
    }
    let (readers, depth) = settings.shape(inputs.len());
    let (send_task, tasks) = sync_channel::<Task>(readers * depth);
    let tasks = Mutex::new(tasks);
    thread::scope(|scope| {
        for _ in 0..settings.threads {
            scope.spawn(|| work(&tasks));
        }
        let mut lanes = Vec::new();
        for lane in 0..readers {
            let (tell, told) = sync_channel(depth);
            let (send_task, archives) = (send_task.clone(), &archives);
            scope.spawn(move || {
                let mut emit = |job| promise(job, &send_task, &tell);
                for input in inputs.iter().skip(lane).step_by(readers) {
                    let outcome = read_one(input, archives, settings, &mut emit);
                    if tell.send(Told::End(outcome)).is_err() {
                        return;
                    }
                }
            });
            lanes.push(told);
        }
        drop(send_task);
        inputs.iter().zip(lanes.iter().cycle()).try_for_each(|(_, lane)| follow(lane, &mut each))
    })
}

/// Hands on the results of one file.
fn follow(lane: &Receiver<Told>, each: &mut impl FnMut(Ingested)) -> Result<(), Unreadable> {
    for told in lane {
        match told {
            Told::Promise(result) => result.into_iter().for_each(&mut *each),
            Told::End(outcome) => return outcome,
        }
    }
    Ok(())
}

fn work(tasks: &Mutex<Receiver<Task>>) {
    loop {
        let next = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((job, promise)) = next else { return };
        // Nobody waits any more: the run has failed elsewhere.
        let _ = promise.send(collect(job));
    }
}

/// Gives a job to the workers, and the place of its result to the caller's thread; breaks when nobody waits any more.
fn promise(job: Job, tasks: &SyncSender<Task>, tell: &SyncSender<Told>) -> ControlFlow<()> {
    let (promise, result) = sync_channel(1);
    let sent = tell.send(Told::Promise(result)).is_ok() && tasks.send((job, promise)).is_ok();
    if sent { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

fn read_one(
    input: &Input,
    archives: &BTreeMap<&str, Archive>,
    limits: &Settings,
    emit: &mut file::Emit<'_>,
) -> Result<(), Unreadable> {
    let archive = archives.get(folder(&input.name)).cloned().unwrap_or_default();
    let archive = if archive.has_owner() { archive } else { archive.owned_by(input.owner.as_deref()) };
    let unreadable = |source| Unreadable { file: input.name.clone(), source };
    file::read(input, archive, limits, emit).map(|_| ()).map_err(unreadable)
}

/// What the side files of personal archives tell, by folder: they have to be known before any tweet is read.
fn archives<'a>(inputs: &'a [Input], limits: &Settings) -> Result<BTreeMap<&'a str, Archive>, Unreadable> {
    let mut archives: BTreeMap<&str, Archive> = BTreeMap::new();
    for input in inputs.iter().filter(|input| file::is_side_file(&input.name)) {
        let known = archives.entry(folder(&input.name)).or_default();
        let unreadable = |source| Unreadable { file: input.name.clone(), source };
        let read = file::read(input, std::mem::take(known), limits, &mut |_| ControlFlow::Continue(()));
        *known = read.map_err(unreadable)?;
    }
    Ok(archives)
}

fn folder(name: &str) -> &str {
    name.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder)
}
