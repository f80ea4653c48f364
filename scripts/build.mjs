// `npm run build`: from whatever state this folder is in to a fresh dist.
import { prepare } from './prepare.mjs';
import { main } from './run.mjs';

await main(prepare);
