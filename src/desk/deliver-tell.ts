import type { Delivery } from '../core/deliveries.js';
import { noticePost } from '../core/posts.js';
import { maySee, sightOf } from '../core/sight.js';
import type { EffectRunner } from './deliver.js';
import type { ChatEffectNeeds } from './deliver-chat.js';

const nothing = async (): Promise<void> => {};

/** Says a notice in the chat of whom it is for, where that platform knows them. What they have seen on the desk meanwhile, or what was deleted, needs no word. */
export function tellRunner(needs: ChatEffectNeeds): EffectRunner {
  const { store } = needs;
  return {
    // Better told twice than not at all.
    repeatable: true,
    permanent: ['invalid', 'forbidden', 'gone'],
    async run(delivery) {
      const { noticeId, bridge: name } = delivery.effect as Extract<Delivery['effect'], { kind: 'chat.tell' }>;
      const bridge = needs.bridges.get(name);
      const notice = await store.notices.get(noticeId);
      const desk = await needs.desk();
      const agent = desk.agents.find(({ id }) => id === notice?.agentId);
      const conversation = notice && (await store.conversations.get(notice.conversationId));
      if (!bridge?.tell || !notice || notice.readAt || !agent || !conversation || !maySee(sightOf(desk, agent), conversation)) return nothing;
      const note = notice.noteId && (await store.notes.get(notice.noteId));
      if (note?.deletedAt) return nothing;
      const customer = await store.customers.get(conversation.customerId);
      const post = noticePost(notice, note, { conversation, customer, desk, publicUrl: needs.publicUrl }, agent.locale);
      await bridge.tell({ agentId: agent.id, ids: await store.people.personsOf(name, agent.id), email: agent.email }, post, delivery.id, delivery.tries > 0);
      return nothing;
    },
  };
}
