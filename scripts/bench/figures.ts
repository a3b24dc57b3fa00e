// What the benchmarks say of what they have measured.

/** The number below which this part of them lies. */
export function quantile(numbers: number[], part: number): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length * part)] ?? NaN;
}

/** A figure that misses its target fails the command. `wanted` says the target in words, `unit` begins with a space. */
export function verdict(name: string, figure: number, holds: boolean, wanted: string, unit = ""): void {
  console.log(`  ${name} ${figure.toFixed(2)}${unit}  ${holds ? "holds" : "MISSED"} (${wanted})`);
  if (!holds) process.exitCode = 1;
}
