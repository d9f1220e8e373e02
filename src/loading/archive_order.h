#pragma once

#include <cstddef>
#include <vector>

#include "base/random.h"
#include "corpus/trial.h"

namespace bonafide {

// The order in which WebDataset reads, each trial once, for archives that are compressed or lie on
// slow disks: archives in random order, four of them at a time and a random one of these for each
// trial; within an archive from its beginning, shuffled only within pieces of 8 MiB. Trials outside
// of archives count as archives of one. So a compressed archive is decompressed once an epoch, as
// far as ArchiveWindow reaches.
std::vector<size_t> archive_order(const std::vector<Trial>& trials, Random& random);

// Throws UsageError naming the first archive that is compressed: any other order would decompress
// it again and again.
void expect_no_compressed_archive(const std::vector<Trial>& trials);

}  // namespace bonafide
