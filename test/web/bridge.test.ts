import { describe, expect, it } from 'vitest';
import { createWebBridge } from '../../src/bridges/web/bridge.js';
import { createLiveHub, type Announcement } from '../../src/bridges/web/live-hub.js';
import type { ChannelId, PostRef, ThreadRef } from '../../src/core/ids.js';
import type { Post } from '../../src/core/post.js';
import type { PostTarget } from '../../src/core/ports/chat.js';
import { nobody } from '../support/nobody.js';

const post: Post = { kind: 'card', tone: 'open', summary: '#1 Eve: Cup', heading: '#1 Cup', url: 'https://desk.example/c/1', facts: [], text: '', quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [] };
const target = (thread?: ThreadRef): PostTarget => ({ channel: { id: 'orders' as ChannelId, name: 'orders', bridge: 'web', target: 'orders' }, thread });

async function started() {
  const live = createLiveHub();
  const heard: Announcement[] = [];
  live.listen((announcement) => heard.push(announcement), () => undefined);
  const bridge = createWebBridge({ live });
  await bridge.start(nobody);
  return { bridge, live, heard };
}

describe('the web bridge', () => {
  it('gives the same post for the same key, and announces it once', async () => {
    const { bridge, heard } = await started();
    const first = await bridge.post(target(), post, 'card:1');
    expect(await bridge.post(target(), post, 'card:1')).toEqual(first);
    expect(heard).toEqual([{ kind: 'card', summary: '#1 Eve: Cup', url: 'https://desk.example/c/1', conversationId: undefined }]);
    expect((await bridge.post(target(), post, 'card:2')).post).not.toBe(first.post);
  });
  it('keeps the thread that a post goes into', async () => {
    const { bridge } = await started();
    const { thread } = await bridge.post(target(), post, 'card:1');
    expect((await bridge.post(target(thread), { ...post, kind: 'mail-in' }, 'mail:1')).thread).toBe(thread);
  });
  it('refuses what another bridge minted', async () => {
    const { bridge } = await started();
    await expect(bridge.post(target('C01/171.2' as ThreadRef), post, 'x')).rejects.toMatchObject({ name: 'BridgeError', fault: 'gone', certain: true });
    await expect(bridge.edit?.(target(), '171.2' as PostRef, post)).rejects.toMatchObject({ fault: 'gone' });
  });
  it('is unavailable once stopped, so that its work waits', async () => {
    const { bridge } = await started();
    await bridge.stop();
    await expect(bridge.post(target(), post, 'x')).rejects.toMatchObject({ fault: 'unavailable', certain: true });
  });
  it('is not harmed by a listener that throws', async () => {
    const { bridge, live, heard } = await started();
    live.listen(() => { throw new Error('gone'); }, () => undefined);
    await bridge.post(target(), post, 'card:1');
    expect(heard).toHaveLength(1);
  });
});
