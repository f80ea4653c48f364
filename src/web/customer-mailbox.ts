/** The other side of the board, in the demo only: mailboxes of the sample customers, as they see them. */
export interface CustomerMailbox {
  list(): Promise<readonly SampleCustomer[]>;
  /** Letters that reached this address and those it wrote, newest first. */
  letters(address: string): Promise<readonly Letter[]>;
  /** Sends a real mail to our inbound listener, in the thread of that letter. */
  answer(address: string, letterId: string, text: string): Promise<void>;
  /** Sends a real mail about a new matter. */
  write(address: string, subject: string, text: string): Promise<void>;
}

export interface SampleCustomer {
  readonly address: string;
  readonly name: string;
  /** Language that the customer writes. */
  readonly language: string;
}

export interface Letter {
  readonly id: string;
  /** Letters of one thread (by References, as a mail program would) have the same. */
  readonly threadId: string;
  /** 'out': the customer wrote it. */
  readonly direction: 'in' | 'out';
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  /** What was written, in plain text. */
  readonly text: string;
  /** Quoted history, folded. */
  readonly quoted: string;
  readonly at: Date;
  readonly files: readonly string[];
}
