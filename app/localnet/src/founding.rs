//! From an empty chain to a network in business, by transactions that anybody could send.

use {
    crate::{cast::key, plan, world::World},
    anyhow::{Context, Result},
    sluice_client::{
        Ledger, Node, RewardPool, address,
        instruction::{self as ix, NewRewardPool, token::Mint},
        ledger::Rpc,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_program_pack::Pack,
    solana_signer::Signer,
};

/// Sends what makes `world` true.
pub fn found(world: &World, ledger: Rpc) -> Result<()> {
    let mut founding = Founding { world, ledger };
    founding.mints()?;
    founding.purses()?;
    founding.network()?;
    founding.attesters()?;
    founding.provider()?;
    founding.rewards()
}

struct Founding<'a> {
    world: &'a World,
    ledger: Rpc,
}

impl Founding<'_> {
    fn mints(&mut self) -> Result<()> {
        let World {
            stake,
            usdc,
            reward,
            cast,
            ..
        } = self.world;
        for (name, mint) in [
            ("stake mint", stake),
            ("usdc mint", usdc),
            ("reward mint", reward),
        ] {
            let space = spl_token_interface::state::Mint::LEN;
            let (admin, own) = (cast.admin.pubkey(), key(name));
            let create = solana_system_interface::instruction::create_account(
                &admin,
                &mint.address,
                self.ledger.minimum_balance(space)?,
                space as u64,
                &mint.token_program,
            );
            let initialise = spl_token_interface::instruction::initialize_mint2(
                &mint.token_program,
                &mint.address,
                &admin,
                None,
                mint.decimals,
            )?;
            self.send(name, &[create, initialise], &cast.admin, &[&own])?;
        }
        Ok(())
    }

    /// Token accounts, and what is in them.
    fn purses(&mut self) -> Result<()> {
        let World {
            stake,
            usdc,
            reward,
            cast,
            ..
        } = self.world;
        let attesters = plan::ATTESTER_STAKE * cast.attesters.len() as u64;
        for (owner, mint, amount) in [
            (&cast.buyer, usdc, plan::BUYER_USDC),
            (&cast.buyer, stake, plan::BUYER_STAKE),
            (
                &cast.provider,
                stake,
                plan::PROVIDER_STAKE + plan::SPARE_STAKE,
            ),
            (&cast.provider, usdc, 0),
            (&cast.provider, reward, 0),
            (&cast.attester_owner, stake, attesters + plan::SPARE_STAKE),
            (&cast.attester_owner, reward, 0),
            (&cast.attester_fees, usdc, 0),
            (&cast.treasury, usdc, 0),
            (&cast.funder, reward, plan::POOL_FUNDS + plan::SPARE_REWARD),
        ] {
            let (admin, owner) = (cast.admin.pubkey(), owner.pubkey());
            let open = ix::token::create_token_account(&admin, &owner, mint);
            let account = address::token_account(&owner, &mint.address, &mint.token_program);
            let fill = spl_token_interface::instruction::mint_to(
                &mint.token_program,
                &mint.address,
                &account,
                &admin,
                &[],
                amount,
            )?;
            self.send("mint_to", &[open, fill], &cast.admin, &[])?;
        }
        Ok(())
    }

    fn network(&mut self) -> Result<()> {
        let world = self.world;
        let admin = world.cast.admin.pubkey();
        let create = ix::create_network(
            &admin,
            &admin,
            &world.stake.address,
            &world.reward.address,
            plan::network(world),
        );
        self.send("create_network", &[create], &world.cast.admin, &[])
    }

    /// Registers, stakes and enters the attesters.
    fn attesters(&mut self) -> Result<()> {
        let world = self.world;
        let owner = &world.cast.attester_owner;
        for (key, subject) in world.cast.attesters.iter().zip(&world.attesters) {
            let register = ix::register_attester(
                &owner.pubkey(),
                &owner.pubkey(),
                &key.pubkey(),
                &world.network,
            );
            self.send("register_attester", &[register], owner, &[key])?;
            self.stake(owner, subject, plan::ATTESTER_STAKE)?;
        }
        let admin = &world.cast.admin;
        let create = ix::create_attester_set(&admin.pubkey(), &world.network, world.set_args);
        self.send("create_attester_set", &[create], admin, &[])?;
        for (index, key) in (0..).zip(&world.cast.attesters) {
            let (owner_key, key) = (owner.pubkey(), key.pubkey());
            let enter = ix::enter_attester_set(&owner_key, &world.network, &world.set, &key, index);
            self.send("enter_attester_set", &[enter], owner, &[])?;
        }
        Ok(())
    }

    /// Registers the provider, its stake and its node.
    fn provider(&mut self) -> Result<()> {
        let world = self.world;
        let (owner, worker) = (&world.cast.provider, &world.cast.worker);
        let (key, operator) = (owner.pubkey(), world.cast.operator.pubkey());
        let register = ix::register_provider(&key, &key, &operator, &world.network);
        self.send("register_provider", &[register], owner, &[])?;
        self.stake(owner, &world.provider, plan::PROVIDER_STAKE)?;
        let register = ix::register_node(
            &key,
            &key,
            &worker.pubkey(),
            &world.network,
            &world.set,
            plan::node(),
        );
        self.send("register_node", &[register], owner, &[worker])
    }

    /// Creates and funds the reward pool and joins the node.
    fn rewards(&mut self) -> Result<()> {
        let world = self.world;
        let (funder, pool_key) = (&world.cast.funder, &world.reward_pool);
        let (key, Mint { token_program, .. }) = (funder.pubkey(), &world.reward);
        let new = NewRewardPool {
            network: world.network,
            set: world.set,
            mint: world.reward.address,
            token_program: *token_program,
            id: plan::POOL_ID,
            terms: plan::rewards(self.ledger.clock()?.unix_timestamp),
            refund_owner: key,
        };
        let create = ix::create_reward_pool(&key, &key, &new);
        self.send("create_reward_pool", &[create], funder, &[])?;
        let pool: RewardPool = self.ledger.get(pool_key)?;
        let fund = ix::fund_reward_pool(&key, pool_key, &pool, token_program, plan::POOL_FUNDS);
        self.send("fund_reward_pool", &[fund], funder, &[])?;
        let node: Node = self.ledger.get(&world.node)?;
        let operator = &world.cast.operator;
        let signer = operator.pubkey();
        let join = ix::join_reward_pool(&signer, &signer, pool_key, &pool, &world.node, &node);
        self.send("join_reward_pool", &[join], operator, &[])
    }

    /// Opens the stake pool behind `subject` and the owner's position in it, and stakes.
    fn stake(&mut self, owner: &Keypair, subject: &Address, amount: u64) -> Result<()> {
        let (network, mint) = (&self.world.network, &self.world.stake);
        let (key, pool) = (owner.pubkey(), address::stake_pool(subject));
        let (mint, program) = (&mint.address, &mint.token_program);
        let steps = [
            ix::create_stake_pool(&key, network, subject, mint, program),
            ix::open_position(&key, &key, &pool),
            ix::stake(&key, network, &pool, mint, program, amount),
        ];
        self.send("stake", &steps, owner, &[])
    }

    fn send(
        &mut self,
        name: &str,
        instructions: &[Instruction],
        payer: &Keypair,
        signers: &[&Keypair],
    ) -> Result<()> {
        let signers: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        self.ledger
            .send(instructions, payer, &signers)
            .with_context(|| format!("{name} was refused"))?;
        Ok(())
    }
}
