//! What nodes offer in the market of the tests.

/// What a node offers.
#[derive(Clone, Copy, Debug)]
pub struct Offered {
    /// Base units for a unit of work.
    pub price: u64,
    /// Length of a window, seconds; its cap is 5,040 units.
    pub window: u32,
    /// To prove a window after its end, seconds.
    pub grace: u32,
    /// To challenge a proof after that, seconds.
    pub challenge: u32,
    /// Unproven windows in a row by which either side may end the job.
    pub faults: u32,
}

impl Offered {
    /// The part of a worker's configuration, out of the local network's.
    pub fn times(&self, text: &str) -> String {
        text.replace(
            "window_secs = 20\n",
            &format!("window_secs = {}\n", self.window),
        )
        .replace(
            "grace_secs = 30\n",
            &format!("grace_secs = {}\n", self.grace),
        )
        .replace(
            "challenge_secs = 30\n",
            &format!("challenge_secs = {}\n", self.challenge),
        )
        .replace(
            "notice_secs = 20\n",
            &format!("notice_secs = {}\n", self.window),
        )
        .replace(
            "fault_windows = 6\n",
            &format!("fault_windows = {}\n", self.faults),
        )
    }
}
