// Starts Ceph's real S3 gateway (monitor, one memory-backed OSD, radosgw) on loopback, in about two seconds.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Ceph {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  stop(): Promise<void>
}

const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-authtool', 'monmaptool', 'radosgw-admin', 'ceph']

/** The programs that are missing here. A suite that needs Ceph skips when this is not empty, and says so. */
export function missingCephPrograms(): string[] {
  const folders = (process.env.PATH ?? '').split(':')
  return programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))))
}

/** Debian: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd */
export async function startCeph(): Promise<Ceph> {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-ceph-'))
  const [monPort, gatewayPort] = [await freePort(), await freePort()]
  const fsid = randomUUID()
  const daemons: ChildProcess[] = []
  process.once('exit', () => {
    for (const daemon of daemons) daemon.kill('SIGKILL')
  })
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder, stdio: 'pipe', timeout: 30_000, encoding: 'utf8' })
  const start = (program: string, ...args: string[]) =>
    daemons.push(spawn(program, ['-c', 'ceph.conf', '-f', ...args], { cwd: folder, stdio: 'ignore' }))
  const stop = async () => {
    await Promise.all(daemons.map(stopDaemon))
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    for (const name of ['mon', 'osd', 'rgw', 'run']) mkdirSync(join(folder, name))
    writeFileSync(join(folder, 'ceph.conf'), configuration(folder, fsid, monPort, gatewayPort))
    const newKey = ['--gen-key', '--cap', 'mon', 'allow *']
    run('ceph-authtool', 'keyring', '--create-keyring', '-n', 'mon.', ...newKey)
    run('ceph-authtool', 'keyring', '-n', 'client.admin', ...newKey, '--cap', 'osd', 'allow *')
    run('ceph-authtool', 'keyring', '-n', 'osd.0', ...newKey, '--cap', 'osd', 'allow *')
    run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monPort}]`, 'monmap')
    run('ceph-mon', '-c', 'ceph.conf', '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring')
    start('ceph-mon', '-i', 'a')

    const osd = randomUUID() // the same in the map and on the disk, or the OSD never leaves booting
    run('ceph', '-c', 'ceph.conf', 'osd', 'new', osd)
    run('ceph-osd', '-c', 'ceph.conf', '-i', '0', '--mkfs', '--osd-uuid', osd)
    start('ceph-osd', '-i', '0')

    const keys = {
      accessKeyId: 'DEBRIEFTESTACCESSKEY',
      secretAccessKey: 'only/for+the+loopback+gateway/0123456789',
    }
    const user = ['--uid', 'debrief', '--display-name', 'debrief']
    const userKeys = ['--access-key', keys.accessKeyId, '--secret-key', keys.secretAccessKey]
    run('radosgw-admin', '-c', 'ceph.conf', 'user', 'create', ...user, ...userKeys)
    start('radosgw', '-n', 'client.admin')
    const endpoint = `http://127.0.0.1:${gatewayPort}`
    await answers(endpoint, folder)
    return { endpoint, ...keys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function configuration(folder: string, fsid: string, monPort: number, gatewayPort: number): string {
  return `[global]
fsid = ${fsid}
mon_initial_members = a
mon_host = [v2:127.0.0.1:${monPort}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = ${folder}/keyring
run_dir = ${folder}/run
crash_dir = ${folder}/run
admin_socket =
log_file = ${folder}/$name.log
osd_objectstore = memstore
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
paxos_propose_interval = 0.05
[mon.a]
mon_data = ${folder}/mon
[osd.0]
osd_data = ${folder}/osd
[client.admin]
rgw_data = ${folder}/rgw
rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort}
`
}

async function answers(endpoint: string, folder: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const response = await fetch(endpoint).catch(() => null)
    if (response) return
    await sleep(50)
  }
  const log = join(folder, 'client.admin.log')
  throw new Error(
    `radosgw did not answer in 60 s: ${existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : 'no log'}`,
  )
}

/** One radosgw was seen to ignore SIGTERM, and nothing here is worth keeping. */
async function stopDaemon(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  daemon.kill('SIGKILL')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  return address.port
}
