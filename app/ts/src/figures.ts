// What a job comes to at one moment, from one read of its account: base units and unix seconds.

import type { Job } from './generated';

/** The states of a job; closed is the absence of the account. */
export const JobState = { Open: 0, Active: 1, Released: 2 } as const;

const BPS = 10_000n;
const RING = 16n;

/** A job's escrow, dates and end. */
export type Figures = {
  /** Earned by the provider, fees taken off, in all. */
  earned: bigint;
  /** Earned by the provider and not yet paid to it. */
  owed: bigint;
  /** Fees earned and not yet swept. */
  owedTreasury: bigint;
  owedAttesters: bigint;
  /** What the provider will have earned more once everything pending has matured. */
  pending: bigint;
  /** When the first and the last pending window matures. */
  pendingDates?: [bigint, bigint];
  /** What the provider will have earned more if every challenged window is upheld. */
  frozen: bigint;
  /** What the refund owner may take back now. */
  refundable: bigint;
  /** Escrow that windows still to be proven may earn. */
  atRisk: bigint;
  /** How long the funding lasts if every window is filled; absent while open. */
  paidUntil?: bigint;
  /** From when on it can be released, if nothing more is proven; absent unless active, and while a ruling is awaited. */
  settlesAt?: bigint;
  /** Quorum units that the node has not been credited yet. */
  uncredited: bigint;
  /** True when its last windows past their grace were all unproven. */
  faulted: boolean;
  /** True when every base unit deposited has left. */
  owesNothing: boolean;
};

/** The figures of `job` at `now`, what has matured by then counted as earned. */
export function figuresOf(job: Job, now: bigint): Figures {
  const { terms } = job;
  const [window, grace] = [BigInt(terms.windowSecs), BigInt(terms.graceSecs)];
  const maturesAt = (number: number) => job.startAt + BigInt(number) * window + grace + BigInt(terms.challengeSecs);
  const live = job.ring.filter((entry) => entry.units > 0n);
  const ripe = sum(live.filter((entry) => now >= maturesAt(entry.windowPlusOne)).map((entry) => entry.units));
  const dates = live.map((entry) => maturesAt(entry.windowPlusOne)).filter((date) => now < date);
  const [matured, pending] = [job.unitsMatured + ripe, job.unitsPending - ripe];
  const counted = matured + pending + job.unitsFrozen;

  const gross = (units: bigint) => (units * terms.price) / terms.per;
  const split = (units: bigint) =>
    splitOf(gross(units), job.grossCosigned, BigInt(job.feeBps), BigInt(job.attestationBps));
  const earned = split(matured);
  const more = (units: bigint) => split(matured + units).provider - earned.provider;

  const length = atLeast0(job.endAt - job.startAt);
  const windows = ceilDiv(length, window);
  const closedAt = windows === 0n ? job.endAt : job.startAt + windows * window + grace;
  const pastGrace = atLeast0(atLeast0(now - job.startAt) - grace) / window;
  const active = job.state === JobState.Active;
  const open = job.state === JobState.Open;
  const kept = gross(counted + (active ? unitsUsable(job, now, pastGrace) : 0n));
  const refundable = open && now < job.endAt ? 0n : atLeast0(job.funded - (open ? 0n : kept) - job.refunded);
  const last = dates.reduce((a, b) => (a > b ? a : b), closedAt);
  const unproven = pastGrace - BigInt(terms.faultWindows);

  return {
    earned: earned.provider,
    owed: atLeast0(earned.provider - job.paid),
    owedTreasury: atLeast0(earned.treasury - job.sweptTreasury),
    owedAttesters: atLeast0(earned.attesters - job.sweptAttesters),
    pending: more(pending),
    ...(dates.length > 0 && {
      pendingDates: [dates.reduce((a, b) => (a < b ? a : b)), dates.reduce((a, b) => (a > b ? a : b))],
    }),
    frozen: more(job.unitsFrozen),
    refundable,
    atRisk: atLeast0(job.funded - job.refunded - gross(counted) - refundable),
    ...(!open && { paidUntil: least(job.startAt + (job.unitsFunded / terms.cap) * window, job.endAt) }),
    ...(active && job.unitsFrozen === 0n && { settlesAt: last }),
    uncredited: atLeast0(countable(job, job.quorumMatured + ripe, gross(matured)) - job.quorumCredited),
    faulted: active && BigInt(job.lastProven) <= unproven,
    owesNothing: job.paid + job.sweptTreasury + job.sweptAttesters + job.refunded === job.funded,
  };
}

/**
 * For how long a deposit of `funds` base units pays under `terms` if every window is filled, seconds: whole windows, and `lengthSecs` at
 * most. Nothing for terms without price or cap.
 */
export function paysFor(
  terms: Pick<Job['terms'], 'price' | 'per' | 'cap' | 'windowSecs'>,
  funds: bigint,
  lengthSecs: bigint,
): bigint | undefined {
  const { price, per, cap, windowSecs } = terms;
  if (price === 0n || cap === 0n) return undefined;
  return least(((funds * per) / price / cap) * BigInt(windowSecs), lengthSecs);
}

/** Of the units that a quorum proved, those that whole base units of the gross pay were earned with; none in a job that falls short. */
function countable(job: Job, quorumUnits: bigint, gross: bigint): bigint {
  if (job.counts === 0) return 0n;
  const { price, per } = job.terms;
  return (least((quorumUnits * price) / per, gross - job.grossCosigned) * per) / price;
}

/**
 * A cumulative gross amount among its payees: both fees rounded down, then the attesters' part of them; of what was cosigned the
 * network's fee alone.
 */
function splitOf(gross: bigint, cosigned: bigint, feeBps: bigint, attestationBps: bigint) {
  const fees = feeBps + attestationBps;
  const taken = ((gross - cosigned) * fees) / BPS;
  const attesters = fees === 0n ? 0n : (taken * attestationBps) / fees;
  const ofCosigned = (cosigned * feeBps) / BPS;
  return { provider: gross - taken - ofCosigned, treasury: taken - attesters + ofCosigned, attesters };
}

/** Units that may still be proven: the caps of windows neither proven nor past their grace, `first` and all after it. */
function unitsUsable(job: Job, now: bigint, first: bigint): bigint {
  const { cap, windowSecs } = job.terms;
  const window = BigInt(windowSecs);
  const left = (number: bigint) => atLeast0(job.endAt - job.startAt - number * window);
  const ended = atLeast0(now - job.startAt) / window;
  let usable = (left(first) / window) * cap + (cap * (left(first) % window)) / window;
  for (let number = first; usable > 0n && number < ended; number += 1n) {
    if (BigInt(job.ring[Number(number % RING)]?.windowPlusOne ?? 0) === number + 1n) {
      usable = atLeast0(usable - (cap * least(left(number), window)) / window);
    }
  }
  return usable;
}

const sum = (numbers: bigint[]) => numbers.reduce((total, number) => total + number, 0n);
const least = (a: bigint, b: bigint) => (a < b ? a : b);
const atLeast0 = (number: bigint) => (number < 0n ? 0n : number);
const ceilDiv = (a: bigint, b: bigint) => (a + b - 1n) / b;
