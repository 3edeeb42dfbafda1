package dev.sluice.shared;

import dev.sluice.shared.testing.BlockHoundCanary;

class BlockHoundCanaryTest extends BlockHoundCanary {}
