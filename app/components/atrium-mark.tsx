// The product's own mark: an arch within an arch.

export function AtriumMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="7.5" className="fill-accent-fill" />
      <g className="stroke-white" strokeLinecap="round" strokeWidth="2.6">
        <path d="M7.5 25V15.5a8.5 8.5 0 0 1 17 0V25" />
        <path d="M13 25v-8.5a3 3 0 0 1 6 0V25" opacity=".72" />
      </g>
    </svg>
  );
}
