import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { EventState } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import type { EventAction } from '../../shared/values';
import { decimalComma } from '../format';
import { actionOf, CATEGORIES_MAX, type CategoryForm, type EventForm, formOf } from '../logic/eventForm';
import { type Fault, slip } from '../logic/fault';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { FaultLine } from './Fault';

interface EventDialogProps {
  /** Null for a new one. */
  readonly event: EventState | null;
  readonly view: KioskView;
  /** Resolves with null when it is done, else with why not; `nobody` where nobody allowed it. */
  readonly onRun: (action: EventAction, done: string) => Promise<Fault | 'nobody' | null>;
  readonly onClose: () => void;
}

/** Name, time, capacity and prices of an event, all in one form and one entry of the log. */
export function EventDialog({ event, view, onRun, onClose }: EventDialogProps) {
  const { timeZone, currency } = view.site;
  const [form, setForm] = useState<EventForm>(() => formOf(event, view.site, decimalComma()));
  const [said, setSaid] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<EventForm>) => setForm((old) => ({ ...old, ...part }));
  const setCategory = (key: number, part: Partial<CategoryForm>) =>
    set({ categories: form.categories.map((category) => (category.key === key ? { ...category, ...part } : category)) });

  const submit = async (submitted: FormEvent) => {
    submitted.preventDefault();
    const result = actionOf(
      form,
      event,
      view.events.map(({ id }) => id),
      view.site,
    );
    if (!result.ok) {
      const { mistake } = result;
      return setSaid(slip(() => messages.events.mistakes[mistake]));
    }
    if (result.action === null) return onClose();
    setBusy(true);
    setSaid(null);
    const failure = await onRun(result.action, messages.events.saved(form.name.trim()));
    setBusy(false);
    if (failure === null) onClose();
    else if (failure !== 'nobody') setSaid(failure);
  };

  return (
    <Dialog title={event === null ? messages.events.create : messages.events.changeThis(event.name)} onClose={onClose}>
      <form className="form event-form" id="event" onSubmit={(submitted) => void submit(submitted)}>
        <label className="field">
          <span>{messages.events.name}</span>
          <input autoComplete="off" maxLength={120} value={form.name} onChange={(typed) => set({ name: typed.target.value })} />
        </label>
        <div className="form-pair">
          <label className="field">
            <span>{messages.events.starts(timeZone)}</span>
            <input type="datetime-local" value={form.starts} onChange={(typed) => set({ starts: typed.target.value })} />
          </label>
          <label className="field">
            <span>{messages.events.capacity}</span>
            <input
              inputMode="numeric"
              autoComplete="off"
              value={form.capacity}
              onChange={(typed) => set({ capacity: typed.target.value })}
            />
          </label>
        </div>
        {event !== null && event.sold > 0 && <p className="hint">{messages.events.soldHint(event.sold)}</p>}
        <fieldset className="category-rows">
          <legend className="label">{messages.events.categories(currency)}</legend>
          {form.categories.map((category, index) => (
            <div key={category.key} className="category-row">
              <input
                aria-label={messages.events.categoryName(index + 1)}
                placeholder={messages.events.categoryHint}
                autoComplete="off"
                maxLength={80}
                value={category.name}
                onChange={(typed) => setCategory(category.key, { name: typed.target.value })}
              />
              <input
                aria-label={messages.events.categoryPrice(index + 1)}
                className="category-price"
                inputMode="decimal"
                autoComplete="off"
                value={category.price}
                onChange={(typed) => setCategory(category.key, { price: typed.target.value })}
              />
              <button
                type="button"
                className="icon-button button-quiet"
                disabled={form.categories.length === 1}
                aria-label={messages.events.removeCategory(index + 1)}
                onClick={() => set({ categories: form.categories.filter(({ key }) => key !== category.key) })}
              >
                <X aria-hidden="true" />
              </button>
            </div>
          ))}
          {form.categories.length < CATEGORIES_MAX && (
            <button
              type="button"
              className="button"
              onClick={() =>
                set({
                  categories: [
                    ...form.categories,
                    { id: null, key: Math.max(...form.categories.map(({ key }) => key)) + 1, name: '', price: '' },
                  ],
                })
              }
            >
              <Plus aria-hidden="true" />
              {messages.events.addCategory}
            </button>
          )}
        </fieldset>
      </form>
      <FaultLine fault={said} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.events.cancel}
        </button>
        <button type="submit" form="event" className="button button-primary" disabled={busy}>
          {messages.events.save}
        </button>
      </div>
    </Dialog>
  );
}
