'use strict';

// Runs one naming client and does what the lines on its input say, one after another: the counterpart, for Node, of the
// driver that the Java clients run in. Lines and words are as the test's class Words has them.
//
// Arguments: the server's address, and options of the client, each as name=value.

const readline = require('readline');
const { NacosNamingClient } = require('nacos');

const join = words => words.map(word => encodeURIComponent(word)).join(' ');
const split = line => (line === '' ? [] : line.split(' ').map(word => decodeURIComponent(word.replace(/\+/g, ' '))));
const print = (...words) => process.stdout.write(join(words) + '\n');

// Whatever the client logs must not come between the answers.
const logger = new console.Console(process.stderr, process.stderr);

function instance(word) {
  const [ip, port, clusterName, weight, healthy, enabled, ephemeral, , metadata] = split(word);
  const pairs = split(metadata);
  const map = {};
  for (let i = 0; i < pairs.length; i += 2) {
    map[pairs[i]] = pairs[i + 1];
  }
  return {
    ip,
    port: Number(port),
    clusterName,
    weight: Number(weight),
    healthy: healthy === 'true',
    enabled: enabled === 'true',
    ephemeral: ephemeral === 'true',
    metadata: map,
  };
}

function hosts(list) {
  return list.map(host =>
    join([
      host.ip,
      host.port,
      host.clusterName,
      host.weight,
      host.healthy,
      host.enabled,
      host.ephemeral,
      host.serviceName,
      join(Object.entries(host.metadata || {}).flat()),
    ]),
  );
}

async function main() {
  const [address, ...settings] = process.argv.slice(2);
  const options = { logger, serverList: address, namespace: 'public' };
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    options[setting.slice(0, equals)] = setting.slice(equals + 1);
  }
  const naming = new NacosNamingClient(options);
  await naming.ready();

  const listeners = new Map();
  const listener = name => {
    if (!listeners.has(name)) {
      listeners.set(name, list => print('event', name, ...hosts(list)));
    }
    return listeners.get(name);
  };

  const commands = {
    async register(service, group, host) {
      await naming.registerInstance(service, instance(host), group);
      return [];
    },
    async deregister(service, group, host) {
      await naming.deregisterInstance(service, instance(host), group);
      return [];
    },
    async query(service, group, clusters, following) {
      return hosts(await naming.getAllInstances(service, group, clusters, following === 'true'));
    },
    async select(service, group, clusters, healthy, following) {
      return hosts(
        await naming.selectInstances(service, group, clusters, healthy === 'true', following === 'true'),
      );
    },
    async subscribe(serviceName, groupName, clusters, name) {
      naming.subscribe({ serviceName, groupName, clusters }, listener(name));
      return [];
    },
    async unsubscribe(serviceName, groupName, clusters, name) {
      naming.unSubscribe({ serviceName, groupName, clusters }, listener(name));
      return [];
    },
    async status() {
      return [await naming.getServerStatus()];
    },
    async shutdown() {
      await naming.close();
      return [];
    },
  };

  print('ok');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [command, ...args] = split(line);
    try {
      print('ok', ...(await commands[command](...args)));
    } catch (e) {
      logger.error(e);
      print('failed', String(e));
    }
  }
  // The test went away, or lets the process end; the client has timers.
  process.exit(0);
}

main().catch(e => {
  logger.error(e);
  print('failed', String(e));
  process.exit(1);
});
