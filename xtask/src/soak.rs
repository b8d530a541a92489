//! `cargo xtask soak`: random buyers, providers, attesters and faults for as long as one likes.

use {
    crate::{
        agents, debian, kernels, program,
        workspace::{Workspace, cargo, run},
    },
    anyhow::Result,
    clap::Args,
    std::{str::FromStr, time::Duration},
};

/// Let random buyers, providers, attesters and faults loose on a local chain, hold every invariant that the chain shows, and print a report
#[derive(Args)]
pub struct Soak {
    /// How long runs begin, as 90m or 1h 30m; what has begun comes to its end afterwards, which takes minutes
    #[arg(long = "for", value_name = "DURATION", default_value = "90m")]
    length: Length,
    /// What is drawn at random follows from it
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

impl Soak {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        program::build(workspace, None)?;
        kernels::build(workspace, None, None)?;
        agents::build_command(workspace)?;
        let mut test = cargo();
        // With the features that the whole workspace asks for, so that `cargo xtask test` uses what this compiled.
        test.current_dir(&workspace.root)
            .env("SLUICE_SOAK_SECS", self.length.0.as_secs().to_string())
            .env("SLUICE_SEED", self.seed.to_string())
            .args(["test", "--locked", "--workspace", "--test", "agents", "--"])
            .args(["--nocapture", "--ignored", "soak::"]);
        run(&mut test)
    }
}

/// Hours, minutes and seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length(Duration);

impl FromStr for Length {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let wrong = "expected a duration like 3m, 90m or 1h 30m";
        let mut sum = Some(0u64);
        for part in text.split_whitespace() {
            let unit = part.find(|letter: char| !letter.is_ascii_digit());
            let (digits, unit) = part.split_at(unit.ok_or(wrong)?);
            let secs = match unit {
                "h" => 3_600,
                "m" => 60,
                "s" => 1,
                _ => return Err(wrong),
            };
            let count: u64 = digits.parse().map_err(|_| wrong)?;
            sum = sum.and_then(|sum| sum.checked_add(count.checked_mul(secs)?));
        }
        let secs = sum.filter(|secs| *secs > 0).ok_or(wrong)?;
        Ok(Self(Duration::from_secs(secs)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_with_their_units() {
        let secs = |text: &str| {
            text.parse::<Length>()
                .map(|Length(length)| length.as_secs())
        };
        assert_eq!(secs("90m"), Ok(5_400));
        assert_eq!(secs("1h 30m"), Ok(5_400));
        assert_eq!(secs("45s"), Ok(45));
        for text in ["", "90", "0m", "3d", "m", "1h30m", "-3m"] {
            assert!(secs(text).is_err(), "{text}");
        }
    }
}
