//! What is due of an offer.

use {
    super::Due, crate::instruction, sluice::state::Offer, solana_address::Address,
    solana_instruction::Instruction,
};

/// What anybody may do to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Clears the offer away; its rent returns to whoever paid it.
    Clear,
}

impl Step {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Clear => "clear",
        }
    }

    /// The instruction. Signer: `sender`, anyone.
    pub fn instruction(&self, sender: &Address, key: &Address, offer: &Offer) -> Instruction {
        match self {
            Self::Clear => instruction::clear_offer(sender, key, offer),
        }
    }
}

/// What is due of an offer at `now`: it is cleared away when it is used up or has expired.
pub fn due(offer: &Offer, now: i64) -> Due<Step> {
    let at = if offer.is_over(now) {
        now
    } else {
        offer.expires_at
    };
    Due::from(Step::Clear, at, now)
}

#[cfg(test)]
mod tests {
    use {super::*, crate::due::Later, bytemuck::Zeroable};

    #[test]
    fn an_offer_is_cleared_from_the_second_it_expires_and_at_once_when_used_up() {
        let mut offer = Offer {
            expires_at: 100,
            slots_left: 1,
            ..Offer::zeroed()
        };
        let early = due(&offer, 99);
        assert_eq!(early.steps, []);
        let clear = Later {
            step: Step::Clear,
            at: 100,
        };
        assert_eq!(early.later, [clear]);
        assert_eq!(due(&offer, 100), Due::now([Step::Clear]));
        offer.slots_left = 0;
        assert_eq!(due(&offer, 99), Due::now([Step::Clear]));
    }
}
