// The market: which offers can be taken, in which order, and why. The order is the Rust client's and the command's.

import { getAddressEncoder, type Address } from '@solana/kit';

import type { AttesterSet, Node, Offer, Position, Provider, Record as History, StakePool } from './generated';

/** An offer and what it stands on, as far as it exists. */
export type Listing = {
  address: Address;
  offer: Offer;
  node?: Node;
  provider?: Provider;
  /** The set in the terms; absent when they name none. */
  set?: AttesterSet;
  /** The stake of the provider's owner. */
  stake?: { pool: StakePool; position: Position };
};

/** Why an offer cannot be taken now, by name, in words. */
export const UNTAKEABLE = {
  QuorumLost: 'untakeable: its attester set has lost its quorum',
  NodeGone: 'untakeable: its node or provider is closed',
  NodeRegisteredAnew: 'untakeable: its node was registered anew since',
  NodeFull: 'untakeable: its node has no free slot',
  StakeTooLow: "untakeable: the provider's free stake does not cover the bond",
} as const;
export type Untakeable = keyof typeof UNTAKEABLE;

/** A price: base units for so many units. */
export type Price = { price: bigint; per: bigint };

/** What a buyer asks of an offer; what is left out is not asked. */
export type Filter = {
  mint?: Address;
  set?: Address;
  region?: number;
  class?: number;
  /** Highest price. */
  maxPrice?: Price;
  /** Least units that a window can count. */
  units?: bigint;
  /** Least length that it must accept, seconds. */
  lengthSecs?: bigint;
};

/** A listing at its rank. */
export type Ranked = {
  listing: Listing;
  untakeable?: Untakeable;
  /** Why it stands behind the listing before it. */
  reason: string;
};

/**
 * Orders the listings that are live at `now`: takeable ones first, then by mint (prices in different mints do not compare), price
 * per unit, quorum margin, record, free slots; the address decides among equals. `minStake` is the network's.
 */
export function rank(listings: readonly Listing[], filter: Filter, minStake: bigint, now: bigint): Ranked[] {
  const live = listings
    .filter((listing) => now < listing.offer.expiresAt && listing.offer.slotsLeft > 0 && admits(filter, listing))
    .map((listing): Unexplained => ({ listing, untakeable: untakeableOf(listing, minStake) }))
    .sort((a, b) => decide(a, b)[0]);
  return live.map(({ listing, untakeable }, index) => ({
    listing,
    ...(untakeable && { untakeable }),
    reason: untakeable ? UNTAKEABLE[untakeable] : reasonOf(live[index - 1], { listing }),
  }));
}

/** Why a listing cannot be taken, by anyone who can pay; nothing when it can. */
export function untakeableOf({ offer, node, provider, set, stake }: Listing, minStake: bigint): Untakeable | undefined {
  if (set && marginOf(set) < 0) return 'QuorumLost';
  if (!node || !provider) return 'NodeGone';
  if (node.openedSlot !== offer.registration) return 'NodeRegisteredAnew';
  if (node.slotsUsed >= node.slotsTotal) return 'NodeFull';
  return stake && covers(stake, offer.terms.bond, minStake) ? undefined : 'StakeTooLow';
}

/** Compares two prices, exactly: negative when `a` is the lower one. */
export function comparePrices(a: Price, b: Price): number {
  return sign(a.price * b.per, b.price * a.per);
}

type Unexplained = { listing: Listing; untakeable?: Untakeable | undefined };
type Criterion = 'takeable' | 'mint' | 'price' | 'margin' | 'record' | 'slots' | 'address';

/** Which of two comes first, and what decides it. */
function decide(a: Unexplained, b: Unexplained): [number, Criterion] {
  const [p, q] = [a.listing.offer.terms, b.listing.offer.terms];
  const steps: [() => number, Criterion][] = [
    [() => Number(a.untakeable !== undefined) - Number(b.untakeable !== undefined), 'takeable'],
    [() => compareKeys(p.mint, q.mint), 'mint'],
    [() => comparePrices(p, q), 'price'],
    [() => marginOf(b.listing.set) - marginOf(a.listing.set), 'margin'],
    [() => stepOf(a.listing, b.listing)?.order ?? 0, 'record'],
    [() => freeSlots(b.listing) - freeSlots(a.listing), 'slots'],
  ];
  for (const [compare, criterion] of steps) {
    const order = compare();
    if (order !== 0) return [order, criterion];
  }
  return [compareKeys(a.listing.address, b.listing.address), 'address'];
}

function reasonOf(before: Unexplained | undefined, { listing }: Unexplained): string {
  if (!before) return 'best price';
  const [mine, theirs] = [listing, before.listing];
  const against = (of: (listing: Listing) => number) => `${of(mine)} against ${of(theirs)}`;
  switch (decide(before, { listing })[1]) {
    case 'mint':
      return 'best price in this mint';
    case 'takeable':
    case 'price':
      return 'higher price';
    case 'margin':
      return `same price, quorum margin ${against(({ set }) => marginOf(set))}`;
    case 'record': {
      const { what, of } = stepOf(theirs, mine) ?? RECORD[0];
      return `same price and margin, ${what} ${of(mine.provider?.record)} against ${of(theirs.provider?.record)}`;
    }
    case 'slots':
      return `same price, margin and record, free slots ${against(freeSlots)}`;
    case 'address':
      return 'equal in everything: by address';
  }
}

type Step = { what: string; more: 'better' | 'worse'; of: (record: History | undefined) => bigint };

/** What records are compared by, in this order. A provider that is gone has done nothing. */
const RECORD: readonly [Step, ...Step[]] = [
  { what: 'jobs completed', more: 'better', of: (record) => record?.jobsCompleted ?? 0n },
  { what: 'windows proven', more: 'better', of: (record) => record?.windowsProven ?? 0n },
  { what: 'windows missed', more: 'worse', of: (record) => record?.windowsMissed ?? 0n },
  {
    what: 'jobs let down',
    more: 'worse',
    of: (record) => (record ? record.jobsResigned + record.jobsWaived + record.jobsFaulted + record.jobsVoided : 0n),
  },
  { what: 'slashes', more: 'worse', of: (record) => record?.slashes ?? 0n },
];

/** What decides between the records of two providers; nothing when they are alike. */
function stepOf(a: Listing, b: Listing): (Step & { order: number }) | undefined {
  for (const step of RECORD) {
    const more = sign(step.of(a.provider?.record), step.of(b.provider?.record));
    if (more !== 0) return { ...step, order: step.more === 'worse' ? more : -more };
  }
  return undefined;
}

function admits(filter: Filter, { offer: { terms }, node }: Listing): boolean {
  const is = <T>(asked: T | undefined, found: T | undefined) => asked === undefined || asked === found;
  return (
    is(filter.mint, terms.mint) &&
    is(filter.set, terms.set) &&
    is(filter.region, node?.region) &&
    is(filter.class, node?.class) &&
    (filter.maxPrice === undefined || comparePrices(terms, filter.maxPrice) <= 0) &&
    (filter.units === undefined || terms.cap >= filter.units) &&
    (filter.lengthSecs === undefined || terms.maxLengthSecs >= filter.lengthSecs)
  );
}

/** Whether the owner's active stake is worth at least what is locked with `bond`, and `minStake`. */
function covers({ pool, position }: { pool: StakePool; position: Position }, bond: bigint, minStake: bigint): boolean {
  const shares = pool.activeShares + pool.thawingShares;
  const locked = pool.locked + bond;
  const least = locked > minStake ? locked : minStake;
  if (position.shares > shares || locked >= 1n << 64n) return false;
  return (shares === 0n ? 0n : (position.shares * pool.tokens) / shares) >= least;
}

/** Live members of a set beyond its threshold; 0 without a set, negative without a quorum. */
function marginOf(set: AttesterSet | undefined): number {
  if (!set) return 0;
  let live = 0;
  for (let bits = set.live; bits > 0; bits >>= 1) live += bits & 1;
  return live - set.threshold;
}

/** Jobs it can still become: bounded by the offer and by the node. */
function freeSlots({ offer, node }: Listing): number {
  return Math.min(Math.max(0, (node?.slotsTotal ?? 0) - (node?.slotsUsed ?? 0)), offer.slotsLeft);
}

/** Orders addresses as their bytes are ordered, which is not how they are spelt. */
function compareKeys(a: Address, b: Address): number {
  const [left, right] = [getAddressEncoder().encode(a), getAddressEncoder().encode(b)];
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}

const sign = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
