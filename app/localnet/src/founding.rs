//! From an empty chain to a network in business, by transactions that anybody could send.

use {
    crate::{cast::key, plan, world::World},
    anyhow::{Context, Result, ensure},
    sluice_client::{
        Ledger, Node, RewardPool, address,
        instruction::{self as ix, NewRewardPool, token::Mint},
        ledger::Rpc,
    },
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_program_pack::Pack,
    solana_rpc_client::rpc_client::RpcClient,
    solana_signature::Signature,
    solana_signer::Signer,
    std::{
        thread,
        time::{Duration, Instant},
    },
};

/// How long the last transaction may take to be confirmed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends what makes `world` true to the chain at `url`.
pub fn found(world: &World, url: &str) -> Result<()> {
    let processed = CommitmentConfig::processed();
    let mut founding = Founding {
        world,
        ledger: Rpc::new(url.to_owned(), processed),
        client: RpcClient::new_with_commitment(url.to_owned(), processed),
        sent: Vec::new(),
    };
    founding.mints()?;
    founding.purses()?;
    founding.network()?;
    founding.attesters()?;
    founding.provider()?;
    founding.rewards()?;
    founding.wait()
}

/// The ledger would wait half a second for each transaction. A local chain has executed what it takes when it answers, so here
/// all are sent first and waited for together.
struct Founding<'a> {
    world: &'a World,
    ledger: Rpc,
    client: RpcClient,
    sent: Vec<Signature>,
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
        let transaction = self.ledger.sign(instructions, payer, &signers)?;
        // The simulation names what the program refuses.
        self.ledger
            .simulate(&transaction)
            .with_context(|| format!("{name} was refused"))?;
        self.sent.push(self.client.send_transaction(&transaction)?);
        Ok(())
    }

    /// Waits until everything that was sent is confirmed.
    fn wait(&self) -> Result<()> {
        let begin = Instant::now();
        loop {
            let statuses = self.client.get_signature_statuses(&self.sent)?.value;
            for status in statuses.iter().flatten() {
                status.status.clone()?;
            }
            if statuses.iter().all(Option::is_some) {
                return Ok(());
            }
            ensure!(begin.elapsed() < PATIENCE, "the chain confirms nothing");
            thread::sleep(Duration::from_millis(20));
        }
    }
}
