//! Jobs: funded, taken, ended.

use {
    sluice_client::{address, instruction as ix},
    sluice_tests::world::TOKEN,
};

owned! {
    a_vault_opens_a_job: open_job.buyer, |house| {
        let shop = house.shop();
        let open = house.open_ix(&shop);
        house.call(house.buyer, open)
    };
    a_vault_accepts_a_job_as_operator: accept_job.operator, |house| {
        let shop = house.shop();
        let job = house.open(&shop);
        house.call(house.operator, house.accept_ix(&shop, &job))
    };
    a_vault_proves_from_a_batch_as_operator: attest_batch.authority, |house| {
        let shop = house.shop();
        let job = house.active(&shop);
        house.world.advance(3_600);
        let said = house.world.statement(&job, 0, 100);
        let batch = house.world.post(&shop.set, &[said]);
        let run = batch.run(0, 1, &[(0, said)]);
        let provider = address::provider(&house.world.network, &house.owner.address);
        let attest = batch.attest(&house.operator.address, Some(provider), &[job.address], run);
        house.call(house.operator, attest)
    };
    a_vault_tops_a_job_up: top_up_job.funder, |house| {
        let shop = house.shop();
        let job = house.open(&shop);
        let (state, program) = (house.world.job(&job), house.world.pay_mint.token_program);
        let top_up = ix::top_up_job(&house.stranger.address, &job, &state, &program, TOKEN);
        house.call(house.stranger, top_up)
    };
    a_vault_cancels_its_open_job: cancel_job.party, |house| {
        let shop = house.shop();
        let job = house.open(&shop);
        house.call(house.buyer, ix::cancel_job(&job, &house.world.job(&job)))
    };
    a_vault_cancels_its_active_job: cancel_job.party, |house| {
        let shop = house.shop();
        let job = house.active(&shop).address;
        house.call(house.buyer, ix::cancel_job(&job, &house.world.job(&job)))
    };
    a_vault_resigns_a_job_as_operator: resign_job.party, |house| {
        let shop = house.shop();
        let job = house.active(&shop).address;
        let (operator, state) = (house.operator, house.world.job(&job));
        house.call(operator, ix::resign_job(&operator.address, &job, &state))
    };
    a_vault_waives_a_job_as_operator: waive_job.party, |house| {
        let job = house.taken();
        let (operator, state) = (house.operator, house.world.job(&job));
        house.call(operator, ix::waive_job(&operator.address, &job, &state))
    };
    a_vault_calls_a_fault_as_buyer: fault_job.party, |house| {
        let shop = house.shop();
        let job = house.active(&shop).address;
        house.world.advance(16 * 3_600);
        let (buyer, state) = (house.buyer, house.world.job(&job));
        house.call(buyer, ix::fault_job(&buyer.address, &job, &state))
    };
    a_vault_calls_a_fault_as_operator: fault_job.party, |house| {
        let shop = house.shop();
        let job = house.active(&shop).address;
        house.world.advance(16 * 3_600);
        let (operator, state) = (house.operator, house.world.job(&job));
        house.call(operator, ix::fault_job(&operator.address, &job, &state))
    };
}
