import { version } from '../../host/package.ts';
import { jsonText } from '../../output/json.ts';
import { command } from '../command.ts';
import { METADATA } from '../docker-plugin.ts';

export default command({
  name: METADATA,
  does: "tells Docker's client what this plug-in of it is",
  hidden: true,
  overdue: 'unasked',
  options: [],
  async run({ screen }) {
    screen.out(
      jsonText({
        SchemaVersion: '0.1.0',
        Vendor: 'netdoctor',
        Version: version(),
        ShortDescription: "Where a container's packets stop, why, and how to mend it",
      }),
    );
    return 0;
  },
});
