/** Scenarios of the Open Workflow Specification, in Gherkin, against both processes and over the public API alone. */
@NullMarked
package dev.sluice.loadtest.conformance;

import org.jspecify.annotations.NullMarked;
