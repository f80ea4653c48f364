/** The door of this room: what is said, and dates, sizes and waits as people read them. */
export { formatAgo, formatBytes, formatDate, formatDateTime, formatDay, formatForCustomer, formatTime, formatWait } from './format.js';
export { isMessageKey, say } from './lookup.js';
