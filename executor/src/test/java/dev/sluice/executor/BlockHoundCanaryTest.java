package dev.sluice.executor;

import dev.sluice.shared.testing.BlockHoundCanary;

class BlockHoundCanaryTest extends BlockHoundCanary {}
