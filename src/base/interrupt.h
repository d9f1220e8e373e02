#pragma once

namespace bonafide {

// From now on SIGINT and SIGTERM ask the work to stop after its current step; a second one of
// either ends the program at once, as if nothing had been set. Forgets an earlier request.
void watch_for_interrupts();

// Long work asks this between steps, leaves its results in order, and returns.
bool interrupted();

}  // namespace bonafide
