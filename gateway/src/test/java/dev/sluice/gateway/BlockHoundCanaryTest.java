package dev.sluice.gateway;

import dev.sluice.shared.testing.BlockHoundCanary;

class BlockHoundCanaryTest extends BlockHoundCanary {}
