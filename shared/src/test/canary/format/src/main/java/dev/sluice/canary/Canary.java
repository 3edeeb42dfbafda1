package dev.sluice.canary;

/** Is not formatted. */
final class Canary {
  private Canary( ) { }
}
