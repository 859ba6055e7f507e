import type { SpanChoice } from '../logic/span';
import { messages } from '../messages';

/** The date of the day that is looked at. */
export function DayField({ time, onTime }: { time: SpanChoice; onTime: (time: SpanChoice) => void }) {
  return (
    <label className="field day-field">
      <span>{messages.sales.day}</span>
      <input type="date" value={time.date} onChange={(change) => onTime({ ...time, date: change.target.value })} />
    </label>
  );
}
