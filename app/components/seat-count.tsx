// How many of a plan's seats are used, and by whom.
import { counted } from "./words";

export interface ShownSeats {
  members: number;
  invited: number;
  used: number;
  /** Null: as many as are wanted. */
  most: number | null;
}

export function SeatCount({ seats }: { seats: ShownSeats }) {
  const { members, invited, used, most } = seats;
  return (
    <>
      <p>
        {seatSentence(seats)}: {counted(members, "member")}
        {invited > 0 && `, ${counted(invited, "open invitation")}`}.
      </p>
      {most !== null && (
        <progress
          aria-label="Seats used"
          value={Math.min(used, most)}
          max={most}
          className="h-1.5 w-full max-w-xs accent-accent-fill"
        />
      )}
      {most !== null && used > most && (
        <p className="text-danger">
          These are {used - most} more than the plan has: members were added in Logto itself. Nobody loses access, but
          nobody can be invited until there is a seat again.
        </p>
      )}
    </>
  );
}

/** "3 of 10 seats used". */
export function seatSentence({ used, most }: Pick<ShownSeats, "used" | "most">): string {
  if (most === null) return `${counted(used, "seat")} used`;
  return `${used} of ${counted(most, "seat")} used`;
}
