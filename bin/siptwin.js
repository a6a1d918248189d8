#!/usr/bin/env node
import '../dist/experiments/cli/siptwin.js'
