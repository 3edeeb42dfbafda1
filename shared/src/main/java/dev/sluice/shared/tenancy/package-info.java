/** Who is asking: organizations, principals, and how both travel through a reactive chain. */
@NullMarked
package dev.sluice.shared.tenancy;

import org.jspecify.annotations.NullMarked;
