package dev.sluice.loadtest;

import dev.sluice.shared.testing.BlockHoundCanary;

class BlockHoundCanaryTest extends BlockHoundCanary {}
