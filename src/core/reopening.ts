/** What an inbound mail does to the status of the conversation it joins. */
import type { Status } from './model.js';

export function statusAfterInbound(status: Status, mail: { readonly automatic: boolean; readonly bareThanks: boolean; readonly fromCustomer: boolean; readonly allowed?: boolean }): Status {
  if (!mail.fromCustomer || mail.automatic) return status;
  // Spam stays spam until a person says otherwise, who may have said so of its sender; a thank-you needs no answer (C28).
  if ((status === 'spam' && !mail.allowed) || (status === 'closed' && mail.bareThanks)) return status;
  return 'open';
}
