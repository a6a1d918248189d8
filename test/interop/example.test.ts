// The example project as a user has it: in a folder of its own, with siptwin from the packed tarball, installed and tested by npm. As in our
// repository, a folder above has another vitest configuration, which is not the example's.

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'siptwin-example-'))
const project = join(folder, 'home-made-agent')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Packages that were fetched before are taken from npm's cache; the others need a registry. */
const NO_REGISTRY = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E40[13]/

test('npm install && npm test, from the tarball', ({ skip }) => {
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { stdio: 'ignore' })
  cpSync('examples/home-made-agent', project, { recursive: true, filter: (path) => !path.includes('node_modules') })
  writeFileSync(join(folder, 'vitest.config.ts'), "export default { test: { include: ['no such test'] } }\n")
  const install = spawnSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], npm)
  if (install.status !== 0 && NO_REGISTRY.test(install.stderr) && process.env.CI !== 'true') {
    console.warn(
      'skipped: the example needs vitest and fast-check from npm, which neither its cache nor a registry gives here',
    )
    skip()
  }
  expect(install.stderr).not.toContain('npm error')
  const tested = spawnSync('npm', ['test'], npm)
  expect(tested.stdout + tested.stderr).toMatch(/Tests .*passed/)
  expect(tested.status).toBe(0)
})

const npm = { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } } as const
