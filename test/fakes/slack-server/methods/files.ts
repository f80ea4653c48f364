/** The upload in three steps, and files.info. */
import { z } from 'zod';

import { readBlocks } from '../content.js';
import { secret } from '../ids.js';
import { parseJson } from '../json.js';
import type { SlackFile } from '../model.js';
import { fileJson } from '../shapes.js';
import { unixSeconds } from '../timestamps.js';
import { refusal, SlackError } from '../violations.js';
import { count, id, json, method, postable, text } from './method.js';

/** What the client says a file is, by its name; Slack looks into the bytes, which no test needs. */
const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv', eml: 'message/rfc822', gif: 'image/gif', html: 'text/html', jpeg: 'image/jpeg', jpg: 'image/jpeg', json: 'application/json', md: 'text/markdown', pdf: 'application/pdf', png: 'image/png', txt: 'text/plain', zip: 'application/zip',
};

export function typeOfName(name: string): string {
  return TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

export const getUploadURLExternal = method({
  name: 'files.getUploadURLExternal',
  scopes: ['files:write'],
  tier: 4,
  args: { filename: id, length: count, alt_txt: text.optional(), alt_text: text.optional(), snippet_type: text.optional() },
  run: ({ args, slack, workspace }) => {
    if (args.length === 0) throw refusal('invalid_arguments', 'length must be more than 0');
    const file: SlackFile = {
      id: workspace.ids.next('F'),
      name: args.filename,
      title: args.filename,
      mimetype: typeOfName(args.filename),
      altText: args.alt_txt ?? args.alt_text,
      snippetType: args.snippet_type,
      user: workspace.botUser.id,
      created: unixSeconds(),
      bytes: undefined,
      declaredLength: args.length,
      complete: false,
      deleted: false,
      shares: [],
    };
    workspace.files.set(file.id, file);
    return { upload_url: `${slack.baseUrl}/upload/v1/${file.id}-${secret()}`, file_id: file.id };
  },
});

const FILES = z.array(z.object({ id: z.string(), title: z.string().optional(), highlight_type: z.string().optional() })).min(1);

export const completeUploadExternal = method({
  name: 'files.completeUploadExternal',
  scopes: ['files:write'],
  tier: 4,
  args: { files: json, channel_id: id.optional(), channels: text.optional(), thread_ts: id.optional(), initial_comment: text.optional(), blocks: json.optional() },
  run: (call) => {
    const { args, slack, workspace } = call;
    const given = FILES.safeParse(typeof args.files === 'string' ? parseJson(args.files) : args.files);
    if (!given.success) throw refusal('invalid_arguments', `files: ${z.prettifyError(given.error)}`);
    const targets = args.channel_id === undefined ? (args.channels ?? '').split(',').filter((one) => one !== '') : [args.channel_id];
    if (args.thread_ts !== undefined && targets.length !== 1) throw refusal('invalid_arguments', 'thread_ts goes with one channel');
    const places = targets.map((target) => postable(call, target));
    if (args.thread_ts !== undefined && !places[0]?.find(args.thread_ts)) throw new SlackError('thread_not_found');
    const files = given.data.map(({ id: fileId, title }) => {
      const file = workspace.files.get(fileId);
      if (!file || file.deleted) throw refusal('file_not_found', fileId);
      if (!file.bytes) throw refusal('file_not_found', `${fileId} was not uploaded`);
      if (file.complete) throw refusal('file_not_found', `${fileId} was completed before`);
      return { file, title };
    });
    const blocks = args.initial_comment === undefined ? readBlocks(args.blocks) : undefined;
    for (const { file, title } of files) {
      file.complete = true;
      if (title !== undefined) file.title = title;
    }
    // The answer is given before the file is shared: the ts of the message is found by files.info or by the event.
    const answer = files.map(({ file }) => fileJson(file, workspace, slack.baseUrl));
    for (const place of places) slack.postAsBot(workspace, place, { text: args.initial_comment ?? '', blocks, threadTs: args.thread_ts, files: files.map(({ file }) => file) });
    return { files: answer };
  },
});

export const filesInfo = method({
  name: 'files.info',
  scopes: ['files:read'],
  tier: 4,
  args: { file: id, limit: count.optional(), cursor: text.optional(), count: count.optional(), page: count.optional() },
  run: ({ args, slack, workspace }) => {
    const file = workspace.files.get(args.file);
    if (!file?.complete) throw new SlackError('file_not_found');
    if (file.deleted) throw new SlackError('file_deleted');
    return { file: fileJson(file, workspace, slack.baseUrl), comments: [], response_metadata: { next_cursor: '' } };
  },
});

export const filesDelete = method({
  name: 'files.delete',
  scopes: ['files:write'],
  tier: 3,
  args: { file: id },
  run: ({ args, workspace }) => {
    const file = workspace.files.get(args.file);
    if (!file) throw new SlackError('file_not_found');
    if (file.deleted) throw new SlackError('file_deleted');
    if (file.user !== workspace.botUser.id) throw refusal('cant_delete_file', args.file);
    file.deleted = true;
    file.bytes = undefined;
    return {};
  },
});
