// Events of the program from a transaction's logs.

import { getBase64Encoder } from '@solana/kit';

import { SLUICE_PROGRAM_ADDRESS } from './generated';
import { EVENTS, type Event } from './generated/eventTable';

const DATA = 'Program data: ';

/** The event in these bytes; nothing when they are none. */
export function decodeEvent(bytes: Uint8Array): Event | undefined {
  const discriminator = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return EVENTS[discriminator]?.(bytes.subarray(8));
}

/**
 * The program's events in their order; none of a transaction that failed. What another program logs is left out, whatever it looks
 * like. Where a node cut the log (`Log truncated`), events may be missing, and those before the cut are returned.
 */
export function eventsOf(logs: readonly string[]): Event[] {
  const running: string[] = [];
  const events: Event[] = [];
  for (const line of logs) {
    const [, program = '', does] = /^Program (\w+) (invoke|success|failed)/.exec(line) ?? [];
    if (line === 'Log truncated') break;
    if (does === 'failed') return [];
    if (does === 'invoke') running.push(program);
    else if (does) running.pop();
    else if (line.startsWith(DATA) && running.at(-1) === SLUICE_PROGRAM_ADDRESS) {
      const event = decodeEvent(getBase64Encoder().encode(line.slice(DATA.length)) as Uint8Array);
      if (event) events.push(event);
    }
  }
  return events;
}
