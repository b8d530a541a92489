//! What is due of a challenge.

use {
    super::{Due, Payment},
    crate::{
        instruction,
        view::challenge::{Step as Next, settles_at_latest},
    },
    sluice::state::{Attester, Challenge, Ruling, StakePool},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What silence means: whoever signs it, the window counts.
pub const SILENCE: Ruling = Ruling {
    void: 0,
    signers_lied: 0,
    reason: 0,
    slash: 0,
    evidence: [0; 32],
};

/// A member of the job's set that signed a window falsely and is still to be slashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Its index in the set.
    pub index: u8,
    /// Its attester key.
    pub key: Address,
    /// The owner of its attester, whose stake is slashed.
    pub owner: Address,
}

impl Signer {
    /// The member at `index` of the set.
    pub const fn of(index: u8, attester: &Attester) -> Self {
        Self {
            index,
            key: attester.key,
            owner: attester.owner,
        }
    }
}

/// What anybody may do to a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Upholds a window on which nobody ruled in time.
    Uphold,
    /// Slashes a signer of a window ruled void and signed falsely.
    SlashSigner(Signer),
    /// Pays the bond to whoever won and closes the challenge.
    Settle(Payment),
}

impl Step {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Uphold => "uphold",
            Self::SlashSigner(_) => "slash-signer",
            Self::Settle(_) => "settle",
        }
    }

    /// What it pays and to whom, in the stake mint.
    pub const fn payment(&self) -> Option<Payment> {
        match self {
            Self::Settle(payment) => payment.of_something(),
            Self::Uphold | Self::SlashSigner(_) => None,
        }
    }

    /// True for the step that ends the account.
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Settle(_))
    }

    /// The instruction; `pool` is the challenge's, `token_program` that of its mint. Signer: `sender`, anyone, of [`Self::Uphold`];
    /// none of the others.
    pub fn instruction(
        &self,
        sender: &Address,
        challenge: &Challenge,
        pool: &StakePool,
        token_program: &Address,
    ) -> Instruction {
        match self {
            Self::Uphold => instruction::rule_challenge(sender, challenge, SILENCE),
            Self::SlashSigner(Signer { index, key, owner }) => {
                instruction::slash_signer(challenge, key, owner, *index)
            }
            Self::Settle(_) => instruction::settle_challenge(challenge, pool, token_program),
        }
    }
}

/// What is due of a challenge at `now`. `signers` are those that [`crate::view::challenge::signers`] tells and whose stake pool is
/// still there; they matter only while the challenge waits for their slashing.
pub fn due(challenge: &Challenge, signers: &[Signer], now: i64) -> Due<Step> {
    let settle = challenge.winner().map(|winner| {
        Step::Settle(Payment {
            amount: challenge.bond,
            to: *winner,
        })
    });
    match (Next::of(challenge, now), settle) {
        (Next::SlashSigners, Ok(settle)) => {
            let mut due = Due::now(signers.iter().copied().map(Step::SlashSigner));
            due.add(settle, settles_at_latest(challenge), now);
            due
        }
        (Next::Settle, Ok(settle)) => Due::now([settle]),
        _ => Due::from(Step::Uphold, challenge.rule_until, now),
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::{address, due::Later},
        bytemuck::Zeroable,
        sluice::state::Verdict,
    };

    fn open() -> Challenge {
        let [challenger, payee] = [(); 2].map(|()| Address::new_unique());
        Challenge {
            challenger,
            payee,
            rule_from: 100,
            rule_until: 200,
            bond: 5,
            signers: 0b101,
            ..Challenge::zeroed()
        }
    }

    fn signer(index: u8) -> Signer {
        let mut attester = Attester::zeroed();
        (attester.key, attester.owner) = (Address::new_unique(), Address::new_unique());
        Signer::of(index, &attester)
    }

    #[test]
    fn a_challenge_is_upheld_from_the_second_its_ruling_time_is_over() {
        let (challenge, signers) = (open(), [signer(0), signer(2)]);
        let uphold = Later {
            step: Step::Uphold,
            at: 200,
        };
        for now in [0, 99, 100, 199] {
            let due = due(&challenge, &signers, now);
            assert_eq!((due.steps, due.later), (vec![], vec![uphold]), "{now}");
        }
        assert_eq!(due(&challenge, &signers, 200), Due::now([Step::Uphold]));
    }

    #[test]
    fn signers_are_slashed_until_the_second_in_which_it_is_settled_without_them() {
        let mut challenge = Challenge {
            verdict: Verdict::Void.byte(),
            ruled_at: 150,
            ..open()
        };
        let signers = [signer(0), signer(2)];
        let to = challenge.challenger;
        let settle = Step::Settle(Payment { amount: 5, to });
        let last = settles_at_latest(&challenge);
        let early = due(&challenge, &signers, last - 1);
        assert_eq!(early.steps, signers.map(Step::SlashSigner));
        let later = Later {
            step: settle,
            at: last,
        };
        assert_eq!(early.later, [later]);
        assert_eq!(due(&challenge, &signers, last), Due::now([settle]));
        challenge.signers = 0;
        assert_eq!(due(&challenge, &[], 150), Due::now([settle]));
    }

    #[test]
    fn the_bond_goes_to_the_winner_and_none_needs_no_account() {
        let mut challenge = Challenge {
            verdict: Verdict::Upheld.byte(),
            signers: 0,
            ..open()
        };
        let paid = |challenge: &Challenge| due(challenge, &[], 0).steps[0].payment();
        let bond = paid(&challenge).unwrap();
        assert_eq!((bond.amount, bond.to), (5, challenge.payee));
        let mut pool = StakePool::zeroed();
        pool.mint = Address::new_unique();
        let program = Address::new_unique();
        let settle = Step::Settle(bond).instruction(&program, &challenge, &pool, &program);
        let wanted = address::token_account(&bond.to, &pool.mint, &program);
        assert!(settle.accounts.iter().any(|meta| meta.pubkey == wanted));
        challenge.bond = 0;
        assert_eq!(paid(&challenge), None);
    }
}
