//! Which chunks of work a window is about, and how many of them its units claim.
//!
//! A job's work is `count` chunks of `units` units each. Window w is about chunks w * `per_window` up to, and without,
//! (w + 1) * `per_window`, as far as they exist, and about no other: nobody has to remember what was paid before.

use crate::tree;

/// Most chunks of one window.
pub const MAX_PER_WINDOW: u32 = 1_024;

/// How work is divided: made by [`Shape::new`] only, so that its parts fit each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    count: u32,
    per_window: u32,
    units: u64,
}

/// Why the units of a window claim no whole number of its chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overclaim {
    /// They are no multiple of a chunk's units.
    Remainder,
    /// They are more chunks than the window is about.
    TooMany,
}

impl Shape {
    /// Work of `count` chunks of `units` units each, `per_window` to a window.
    ///
    /// `None` if one of them is 0, a window has more than [`MAX_PER_WINDOW`] chunks, its cap does not fit `u64`, or the trees of
    /// inputs and of a window are together deeper than [`tree::MAX_DEPTH`].
    pub fn new(count: u32, per_window: u32, units: u64) -> Option<Self> {
        let shape = Self {
            count,
            per_window,
            units,
        };
        if count == 0 || per_window == 0 || units == 0 || per_window > MAX_PER_WINDOW {
            return None;
        }
        shape.cap()?;
        let depth = shape.input_depth()?.checked_add(shape.window_depth()?)?;
        (depth <= tree::MAX_DEPTH).then_some(shape)
    }

    /// Chunks of the work.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Chunks of a window.
    pub const fn per_window(&self) -> u32 {
        self.per_window
    }

    /// Units of a chunk.
    pub const fn units(&self) -> u64 {
        self.units
    }

    /// Most units of a window: the cap that the job's terms have to name.
    pub fn cap(&self) -> Option<u64> {
        self.units_of(self.per_window)
    }

    /// Units of so many chunks; `None` if they do not fit `u64`, as those of one window always do.
    pub fn units_of(&self, chunks: u32) -> Option<u64> {
        u64::from(chunks).checked_mul(self.units)
    }

    /// Windows that are about at least one chunk.
    pub const fn windows(&self) -> u32 {
        self.count.div_ceil(self.per_window)
    }

    /// Depth of the tree of inputs.
    pub fn input_depth(&self) -> Option<usize> {
        tree::depth_for(self.count)
    }

    /// Depth of a window's tree, whatever it claims.
    pub fn window_depth(&self) -> Option<usize> {
        tree::depth_for(self.per_window)
    }

    /// The first chunk of `window` and how many it is about; none past the work's end.
    pub fn due(&self, window: u32) -> (u32, u32) {
        let first = window.saturating_mul(self.per_window).min(self.count);
        let left = self.count.saturating_sub(first);
        (first, left.min(self.per_window))
    }

    /// The window that is about the chunk at `index` of the whole work, and the chunk's position in it; `None` past the work's end.
    pub fn place(&self, index: u32) -> Option<(u32, u32)> {
        let place = (
            index.checked_div(self.per_window)?,
            index.checked_rem(self.per_window)?,
        );
        (index < self.count).then_some(place)
    }

    /// How many chunks of `window` `units` claim.
    ///
    /// # Errors
    /// See [`Overclaim`].
    pub fn claimed(&self, window: u32, units: u64) -> Result<u32, Overclaim> {
        let chunks = match (units.checked_div(self.units), units.checked_rem(self.units)) {
            (Some(chunks), Some(0)) => chunks,
            _ => return Err(Overclaim::Remainder),
        };
        let (_, due) = self.due(window);
        match u32::try_from(chunks) {
            Ok(chunks) if chunks <= due => Ok(chunks),
            _ => Err(Overclaim::TooMany),
        }
    }
}
