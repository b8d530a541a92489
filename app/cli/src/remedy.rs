//! What to do about a refusal of the program.

use {
    sluice::error::SluiceError::{self, *},
    sluice_client::ProgramError,
};

/// The remedy as it stands after the refusal, from the semicolon on; empty where there is none.
pub fn after(refusal: &ProgramError) -> String {
    let remedy = refusal.error.and_then(remedy);
    remedy.map_or_else(String::new, |remedy| format!("; {remedy}"))
}

/// What the caller can do about `error`; `None` where only another request helps, or nothing does.
///
/// The match is exhaustive: an error that the program adds does not compile before somebody thought about its remedy. Many verbs
/// meet the same error, so a remedy names an option only within the command that has it.
const fn remedy(error: SluiceError) -> Option<&'static str> {
    Some(match error {
        NothingDue => "nothing was lost: try again when more has matured",
        RecipientChangedOwner | NotAssociatedAccount => {
            "create the recipient's associated token account first"
        }
        NotOwnedAlone => {
            "choose an account of this mint that the recipient owns, without delegate and close authority"
        }
        DateTooFar => "give a date within a year: unix seconds, not milliseconds",
        LengthOutOfBounds => "ask for a length within the terms' maximum, of at most 10 years",
        ResolverChanged => "see who it is now with `sluice network show`, and repeat",
        WindowNotEnded => "wait until the window has ended",
        StatementExpired => "prove each window within its grace",
        StakeTooLow => "stake more, or free bonds by releasing ended jobs",
        StillUnbonding => "withdraw after the ticket's date",
        NoQuorum => "choose a set with enough live members, or name a cosigner",
        WrongIncarnation => "read the account again and repeat",
        NoFreeSlot => "release an ended job or register another node",
        SlotNotFolded => "run `sluice rewards fold` and repeat",
        PoolDry => "fund the pool, or wait for an epoch to close",
        NotSettled => "wait until the last window's challenge time has passed",
        StillOwing => "pay, sweep and refund, or fold and claim, first",
        CommissionStands => {
            "announce 100 % with `sluice provider set-commission`, and wait until it is in force"
        }
        PoolNotEnded => "wait until the pool's last epoch is over",
        OpeningSlot => "repeat in a later slot",
        FeeTooHigh => {
            "set a lower fee; for a job, accept a higher one or choose another network or set"
        }
        TermsOutlastUnbonding => "shorten window, grace, challenge or ruling time",
        GraceOutlastsRing => "lengthen the window, or shorten grace or challenge time",
        PriceChanged => "look at the market again and state today's price",
        NodeRegisteredAnew | OfferExpired | OfferUsedUp => {
            "take another offer: see `sluice market`"
        }
        OfferLive => "let its operator withdraw it, or wait until it expires",
        LengthBelowNotice => "ask for a longer job: at least the notice and one window",
        NoticeBelowWindow => "raise the notice to the window or more",
        DepositBelowNotice => "deposit at least the price of the notice and one window",
        NotWaivable => {
            "resign instead: only a job that was taken, with nothing proven, is given back"
        }
        EndNotMoved => "nothing is left to do: wait for the job's end",
        NotFaulted => "cancel or resign instead, or wait for more unproven windows",
        NotParty => "sign as the job's buyer or its provider's operator",
        StillInUse => {
            "first end what hangs on it: jobs, nodes, live bits, positions, challenges or slashed stake not burned"
        }
        StakePoolDead => "stake behind another provider or attester",
        StakePoolFull => "stake less, or wait until thawing stake is withdrawn",
        CredentialIncomplete => "give both credential and schema, or neither",
        CredentialMissing | WrongCredential | CredentialExpired => {
            "see `sluice provider show`: whoever holds the network's credential vouches for the provider's owner"
        }
        DividendPeriodOutOfBounds => "give a period between 1 and 30 days",
        BondSlashed => "leave every set first: `sluice attester leave --as anyone`",
        AttesterTombstoned => "register another key",
        StandingNotGood => "nothing is left to do: the account stays as its record",
        CommissionTooHigh => "give 100% or less",
        NotChallengeable => "challenge what a quorum proved, before it matures, once a window",
        EvidenceClosed => "uphold it: `sluice challenge rule --uphold`",
        AlreadyRuled | NotRuled => "see where it stands with `sluice challenge show`",
        RulingTooEarly => "rule from the date that `sluice challenge show` tells",
        NotResolver => {
            "see who it is with `sluice job show`; once the ruling time is over anyone upholds"
        }
        MustUphold => "uphold it, and slash nobody",
        SlashAboveBond => "slash less: see the bond left with `sluice job show`",
        WrongChallenge => "give the challenge of this job's present incarnation",
        RulingTooShort => "give a ruling time of a minute or more, or no challenge time",
        NoResolver => "leave out the challenge time, or have the admin propose a resolver",
        MalformedRuling => "give 0 or 1 for either flag",
        NotASigner => "see the signers left with `sluice challenge show`",
        SignersNotSlashed => {
            "slash them with `sluice challenge slash-signer`, or wait until a week after the ruling"
        }
        NotEquivocation => "give signatures of two different statements",
        NotAdmin | NotGuardian | NotCandidate => {
            "see who holds the roles with `sluice network show`"
        }
        RoleMissing => "give a key for the role",
        NoPendingChange => "propose one with `sluice network propose`",
        ChangeNotDue => "apply it from the date that `sluice network show` tells",
        ChangeExpired => "propose it again",
        Paused => "wait until the pause ends: see `sluice network show`; exits are open meanwhile",
        NotPaused => "nothing is left to lift",
        PauseTooLong => "pause for 7d or less",
        PausedTooRecently => "wait for the date that `sluice network show` tells",
        WrongMint => "give the mint that the terms name",
        VaultBumpNotFirst => "find the bump with `find_program_address`",
        QualityOutOfBounds => {
            "ask for a price, a bond, challenge time and a ruling time of a minute or more, all at most 30 days"
        }
        JobDoesNotCount => {
            "see what its set asks with `sluice attester-set show`; the job is paid all the same"
        }
        ExpiryOutOfBounds => "give a date ahead of now, 60 days at most",
        AlreadyEndorsed => {
            "see who signed with `sluice attest batch show`, and add the others' signatures"
        }
        BatchBelowThreshold => {
            "see which live members are missing with `sluice attest batch show`, and add their signatures with `sluice attest batch post`"
        }
        BatchNotExpired => "close it from the date that `sluice attest batch show` tells",
        NotPayer => "sign as the payer that `sluice attest batch show` tells",
        MalformedRun | NotInBatch => {
            "prove from the file that the batch was built into: `sluice attest batch prove`"
        }
        NotTheWorkers => {
            "sign as the jobs' worker, or as the operator of the provider whose jobs they are"
        }
        PoolDateTooFar => "give dates within 10 years; were they in milliseconds?",
        MathOverflow | ReserveNotZero | AmountTooSmall | UnbondingOutOfBounds
        | TimelockTooShort | NotAMint | MintExtensionRefused | WrappedSolStake
        | WrongTokenProgram | NotOwner | NotOperator | WrongNetwork | ThresholdOutOfBounds
        | KeysNotAscending | WrongSetDigest | NotAMember | AlreadyEntered | NotLive | NoSlots
        | NotASubject | WrongStakePool | WrongPosition | WrongVault | NotEnoughShares
        | TermIsZero | TermTooLong | DateInPast | NobodyToProve | WrongSet | NothingFunded
        | WrongJobState | JobEnded | WrongProvider | WrongNode | NodeOfAnotherSet
        | KeysNotDistinct | NoSignatures | NotTopLevel | MalformedSignatures | WrongStatement
        | WorkerNotSigned | WrongSignerCount | MembersNotAscending | MemberNotLive
        | CosignerNotSigned | NoCosigner | WindowOutOfJob | WindowAlreadyProven
        | NothingWouldCount | NotBuyer | EpochOutOfBounds | EndBeforeStart | PoolNotStarted
        | PoolEnded | WrongShare | WrongEpoch | TooEarlyToReport | NothingToReport
        | StreamNotEnded | NothingToFold | NotAllFolded | NotItsProvider | KeyOffCurve
        | StakeNotBacked | TotalsContradict | PoolOutOfBalance => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_no_option_that_its_command_may_lack() {
        let codes = (0..).take(SluiceError::ALL.len());
        let errors = codes.map(|index| SluiceError::from_code(SluiceError::FIRST_CODE + index));
        for text in errors.filter_map(|error| remedy(error.unwrap())) {
            let outside: String = text.split('`').step_by(2).collect();
            assert!(!outside.contains("--"), "{text}");
        }
    }

    #[test]
    fn a_remedy_stands_behind_its_refusal_and_a_frameworks_error_has_none() {
        let dry = ProgramError::from_code(SluiceError::FIRST_CODE + PoolDry as u32).unwrap();
        assert_eq!(dry.error, Some(PoolDry));
        assert_eq!(
            after(&dry),
            "; fund the pool, or wait for an epoch to close"
        );
        assert_eq!(after(&ProgramError::from_code(2000).unwrap()), "");
        assert_eq!(
            after(&ProgramError::from_code(6000).unwrap()),
            "",
            "MathOverflow"
        );
    }
}
