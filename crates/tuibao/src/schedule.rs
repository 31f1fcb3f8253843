//! When to run day by day, in words of cron and of systemd.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use chrono::{NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;

/// Minutes after the end of a day at which it is reported: collectors may be a little late.
const AFTER: i64 = 4;

/// A run a day, some minutes after the day is over.
pub(crate) struct Schedule {
    /// This program.
    pub(crate) program: PathBuf,
    /// Where tuibao.toml is.
    pub(crate) folder: PathBuf,
    pub(crate) zone: Tz,
    /// When a day is over.
    pub(crate) cutoff: NaiveTime,
}

impl Schedule {
    fn time(&self) -> NaiveTime {
        self.cutoff.overflowing_add_signed(TimeDelta::minutes(AFTER)).0
    }

    /// `4 10 * * *  cd /srv/report && /usr/local/bin/tuibao run … > /dev/null`: what cron mails is then what went wrong.
    fn cron(&self) -> String {
        let (time, config) = (self.time(), self.folder.join("tuibao.toml"));
        let [folder, program, config] = [&self.folder, &self.program, &config].map(|path| for_cron(path));
        let (minute, hour) = (time.minute(), time.hour());
        format!("{minute} {hour} * * *  cd {folder} && {program} run --quiet --config {config} > /dev/null")
    }

    fn service(&self) -> String {
        let config = self.folder.join("tuibao.toml");
        let [program, config] = [&self.program, &config].map(|path| for_command(path));
        // The folder is a path to the end of its line, without quotes.
        let folder = self.folder.display().to_string().replace('%', "%%");
        format!(
            "[Unit]\nDescription=tuibao: the report of the day\n\n[Service]\nType=oneshot\nWorkingDirectory={folder}\nExecStart={program} run --quiet --config {config}\n"
        )
    }

    fn timer(&self) -> String {
        let (time, zone) = (self.time().format("%H:%M:%S"), self.zone.name());
        format!(
            "[Unit]\nDescription=tuibao, every day\n\n[Timer]\nOnCalendar=*-*-* {time} {zone}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { zone, cutoff, .. } = self;
        let (cutoff, time) = (cutoff.format("%H:%M"), self.time().format("%H:%M"));
        writeln!(f, "A day is over at {cutoff} in {zone}, so run every day at {time} of that zone.\n")?;
        writeln!(f, "With cron, on a machine whose zone is {zone} (cron counts in the machine's zone):\n")?;
        writeln!(f, "    {}\n", self.cron())?;
        writeln!(
            f,
            "With systemd, on a machine of any zone, as ~/.config/systemd/user/tuibao.service and tuibao.timer:\n"
        )?;
        for text in [self.service(), self.timer()] {
            text.lines().try_for_each(|line| writeln!(f, "    {line}"))?;
            writeln!(f)?;
        }
        writeln!(f, "and then `systemctl --user enable --now tuibao.timer`.")
    }
}

/// A path as the shell reads it behind cron, to which `%` is the end of the command.
fn for_cron(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-+@:,".contains(c));
    let quoted = if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) };
    quoted.replace('%', r"\%")
}

/// A path as systemd reads it in a command, where `%`, `$` and quotes have a meaning.
fn for_command(path: &Path) -> String {
    let text = path.display().to_string();
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    if text.contains([' ', '"', '\'', '\\', ';']) { format!("\"{escaped}\"") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(folder: &str, cutoff: &str) -> Schedule {
        Schedule {
            program: "/usr/local/bin/tuibao".into(),
            folder: folder.into(),
            zone: Tz::Asia__Shanghai,
            cutoff: cutoff.parse().unwrap(),
        }
    }

    #[test]
    fn some_minutes_after_the_cutoff() {
        let told = schedule("/srv/report", "10:00:00");
        let line = "4 10 * * *  cd /srv/report && /usr/local/bin/tuibao run --quiet --config /srv/report/tuibao.toml > /dev/null";
        assert_eq!(told.cron(), line);
        assert!(told.timer().contains("OnCalendar=*-*-* 10:04:00 Asia/Shanghai\n"));
        assert!(schedule("/srv", "23:58:00").cron().starts_with("2 0 * * * "));
    }

    #[test]
    fn a_path_stays_one_word() {
        let told = schedule("/srv/my 100% report's", "00:00:00");
        assert!(told.cron().contains(r"cd '/srv/my 100\% report'\''s' && "), "{}", told.cron());
        assert!(told.service().contains("--config \"/srv/my 100%% report's/tuibao.toml\"\n"));
        assert!(told.service().contains("WorkingDirectory=/srv/my 100%% report's\n"));
    }
}
