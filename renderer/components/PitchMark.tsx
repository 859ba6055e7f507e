/** The lines of a pitch around its centre spot: what the counter shows before the first sale. */
export function PitchMark() {
  return (
    <svg className="pitch-mark" viewBox="0 0 240 120" aria-hidden="true">
      <rect x="3" y="3" width="234" height="114" rx="4" />
      <path d="M120 3v114M3 30h34v60H3M237 30h-34v60h34M37 48a16 16 0 0 1 0 24M203 48a16 16 0 0 0 0 24" />
      <circle cx="120" cy="60" r="26" />
      <circle className="pitch-spot" cx="120" cy="60" r="3" />
    </svg>
  );
}
