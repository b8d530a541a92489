//! How the parties end a site's job.

use {
    super::Site, sluice_client::instruction as ix, solana_instruction::Instruction,
    solana_signer::Signer,
};

impl Site {
    /// The buyer's cancel.
    pub fn cancel_ix(&self) -> Instruction {
        ix::cancel_job(&self.job.address, &self.state())
    }

    /// Cancels as the buyer.
    #[track_caller]
    pub fn cancel(&mut self) {
        let (cancel, buyer) = (self.cancel_ix(), self.job.buyer.insecure_clone());
        self.world.ok(&[cancel], &[&buyer]);
    }

    /// The buyer's cancel is refused by this name.
    #[track_caller]
    pub fn cancel_refused(&mut self, name: &str) {
        let (cancel, buyer) = (self.cancel_ix(), self.job.buyer.insecure_clone());
        self.world.refused(&[cancel], &[&buyer], name);
    }

    /// The operator's resignation.
    pub fn resign_ix(&self) -> Instruction {
        let operator = self.provider.operator.pubkey();
        ix::resign_job(&operator, &self.job.address, &self.state())
    }

    /// Resigns as the operator.
    #[track_caller]
    pub fn resign(&mut self) {
        let (resign, operator) = (self.resign_ix(), self.provider.operator.insecure_clone());
        self.world.ok(&[resign], &[&operator]);
    }

    /// The operator's resignation is refused by this name.
    #[track_caller]
    pub fn resign_refused(&mut self, name: &str) {
        let (resign, operator) = (self.resign_ix(), self.provider.operator.insecure_clone());
        self.world.refused(&[resign], &[&operator], name);
    }

    /// The operator's waiver.
    pub fn waive_ix(&self) -> Instruction {
        let operator = self.provider.operator.pubkey();
        ix::waive_job(&operator, &self.job.address, &self.state())
    }

    /// Waives as the operator.
    #[track_caller]
    pub fn waive(&mut self) {
        let (waive, operator) = (self.waive_ix(), self.provider.operator.insecure_clone());
        self.world.ok(&[waive], &[&operator]);
    }

    /// The operator's waiver is refused by this name.
    #[track_caller]
    pub fn waive_refused(&mut self, name: &str) {
        let (waive, operator) = (self.waive_ix(), self.provider.operator.insecure_clone());
        self.world.refused(&[waive], &[&operator], name);
    }

    /// The buyer's call of the fault.
    pub fn fault_ix(&self) -> Instruction {
        ix::fault_job(&self.job.buyer.pubkey(), &self.job.address, &self.state())
    }

    /// Calls the fault as the buyer.
    #[track_caller]
    pub fn fault(&mut self) {
        let (fault, buyer) = (self.fault_ix(), self.job.buyer.insecure_clone());
        self.world.ok(&[fault], &[&buyer]);
    }

    /// The buyer's call of the fault is refused by this name.
    #[track_caller]
    pub fn fault_refused(&mut self, name: &str) {
        let (fault, buyer) = (self.fault_ix(), self.job.buyer.insecure_clone());
        self.world.refused(&[fault], &[&buyer], name);
    }
}
