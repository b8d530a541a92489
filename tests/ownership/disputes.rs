//! Challenges and rulings.

use {
    sluice_client::instruction as ix,
    sluice_tests::world::{TOKEN, upheld, void},
};

owned! {
    a_vault_challenges_a_window: challenge.challenger, |house| {
        let job = house.proven();
        house.call(house.stranger, house.world.challenge_ix(&house.stranger.address, &job, 0))
    };
    a_vault_adds_evidence: add_evidence.author, |house| {
        let job = house.proven();
        let objection = house.world.challenge(&job, 0);
        let add = ix::add_evidence(&house.stranger.address, &objection.address, [1; 32]);
        house.call(house.stranger, add)
    };
    a_vault_rules_as_resolver: rule_challenge.ruler, |house| {
        let job = house.proven();
        let objection = house.world.challenge(&job, 0);
        let until = house.world.challenge_state(&objection).rule_until;
        house.world.chain.set_time(until - 1);
        let ruler = house.resolver;
        house.call(ruler, house.world.rule_ix(&ruler.address, &objection, void(TOKEN)))
    };
    a_vault_upholds_what_nobody_ruled_on: rule_challenge.ruler, |house| {
        let job = house.proven();
        let objection = house.world.challenge(&job, 0);
        let until = house.world.challenge_state(&objection).rule_until;
        house.world.chain.set_time(until);
        let anyone = house.stranger;
        house.call(anyone, house.world.rule_ix(&anyone.address, &objection, upheld()))
    };
}
