//! What moves tokens.

/// Why tokens moved. The first seven are escrow's, the others what a provider's owner received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A buyer's deposit when the job was opened.
    Funded,
    /// A later deposit.
    ToppedUp,
    /// Pay to the provider's owner.
    PaidToProvider,
    /// The network's fee, to its treasury.
    NetworkFee,
    /// The set's fee, to its fee owner.
    AttestationFee,
    /// To the refund owner.
    Refunded,
    /// What was left when a job closed and left by doors that no transaction tells: pay, fees or refund.
    Unseen,
    /// Pay of a job, as its provider's owner received it.
    JobPaid,
    /// A share's reward.
    RewardClaimed,
    /// The delegators' part of a share whose provider had no delegators.
    UndelegatedPart,
    /// A position's dividend.
    DividendClaimed,
}

impl Kind {
    /// What a statement calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Funded => "escrow funded",
            Self::ToppedUp => "escrow topped up",
            Self::PaidToProvider => "paid to provider",
            Self::NetworkFee => "network fee",
            Self::AttestationFee => "attestation fee",
            Self::Refunded => "refunded",
            Self::Unseen => "left by an unknown door",
            Self::JobPaid => "job paid",
            Self::RewardClaimed => "reward claimed",
            Self::UndelegatedPart => "delegators' part without delegators",
            Self::DividendClaimed => "dividend claimed",
        }
    }

    /// True for what comes in: into escrow, or to a provider's owner.
    pub const fn is_in(self) -> bool {
        !matches!(
            self,
            Self::PaidToProvider
                | Self::NetworkFee
                | Self::AttestationFee
                | Self::Refunded
                | Self::Unseen
        )
    }
}
