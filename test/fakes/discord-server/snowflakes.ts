/** Ids as Discord makes them: milliseconds since 2015 in the upper 42 bits, a counter below (Discord docs, "Snowflakes"). */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const COUNTER_BITS = 22n;

let counter = 0n;

export function snowflake(): string {
  counter = (counter + 1n) & 0xfffn;
  return String(((BigInt(Date.now()) - DISCORD_EPOCH_MS) << COUNTER_BITS) | counter);
}
