//! Which members are asked last.

use {
    solana_address::Address,
    std::{
        collections::HashMap,
        sync::{Mutex, PoisonError},
        time::{Duration, Instant},
    },
};

/// Members that took long to answer, or take long just now. Others are asked before them: one that answers nobody must not hold up every
/// thread that waits for an answer.
pub struct Late {
    after: Duration,
    members: Mutex<HashMap<Address, Manner>>,
}

#[derive(Default)]
struct Manner {
    /// When each question began that it did not answer yet.
    running: Vec<Instant>,
    /// How often in a row it was late.
    times: u32,
    until: Option<Instant>,
}

impl Manner {
    fn put_off(&mut self, after: Duration) {
        let factor = 6u32.checked_shl(self.times).unwrap_or(u32::MAX);
        self.times = self.times.saturating_add(1).min(DOUBLED);
        self.until = Instant::now().checked_add(after.saturating_mul(factor));
    }
}

/// Who was late is asked last for six times as long as late is, twice as long after each time in a row, so many times.
const DOUBLED: u32 = 6;

impl Late {
    /// Late is who takes longer than this.
    pub fn new(after: Duration) -> Self {
        Self {
            after,
            members: Mutex::default(),
        }
    }

    /// True for a member that is asked last.
    pub fn is_late(&self, member: &Address) -> bool {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.get(member).is_some_and(|manner| {
            let mut running = manner.running.iter();
            running.any(|since| since.elapsed() > self.after)
                || manner.until.is_some_and(|until| Instant::now() < until)
        })
    }

    /// Asks, and notes how long the answer takes.
    pub fn watched<T>(&self, member: &Address, ask: impl FnOnce() -> T) -> T {
        let since = Instant::now();
        self.note(member, |manner| manner.running.push(since));
        let answer = ask();
        self.note(member, |manner| {
            let place = manner.running.iter().position(|one| *one == since);
            place.map(|place| manner.running.swap_remove(place));
            if since.elapsed() <= self.after {
                manner.times = 0;
                return;
            }
            manner.put_off(self.after);
        });
        answer
    }

    /// A member whose answer was none that helps counts as late.
    pub fn failed(&self, member: &Address) {
        self.note(member, |manner| manner.put_off(self.after));
    }

    fn note(&self, member: &Address, note: impl FnOnce(&mut Manner)) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        note(members.entry(*member).or_default());
    }
}

#[cfg(test)]
mod tests {
    use {super::*, std::thread::sleep};

    const AFTER: Duration = Duration::from_millis(80);

    #[test]
    fn who_is_late_or_fails_is_asked_last_and_nobody_else_is() {
        let [slow, failing, other] = [(); 3].map(|()| Address::new_unique());
        let late = Late::new(AFTER);
        late.watched(&slow, || sleep(AFTER * 2));
        late.failed(&failing);
        late.watched(&other, || ());
        let are_late = [slow, failing, other].map(|member| late.is_late(&member));
        assert_eq!(are_late, [true, true, false]);
        sleep(AFTER * 7);
        assert!(!late.is_late(&failing));
    }

    #[test]
    fn who_does_not_answer_is_late_before_it_does() {
        let (late, member) = (Late::new(AFTER), Address::new_unique());
        late.watched(&member, || {
            assert!(!late.is_late(&member));
            sleep(AFTER * 2);
            assert!(late.is_late(&member));
        });
    }

    #[test]
    fn who_is_late_again_is_put_off_for_twice_as_long() {
        let (late, member) = (Late::new(AFTER), Address::new_unique());
        late.failed(&member);
        late.failed(&member);
        sleep(AFTER * 7);
        assert!(late.is_late(&member));
        sleep(AFTER * 6);
        assert!(!late.is_late(&member));
    }
}
