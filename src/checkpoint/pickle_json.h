#pragma once

#include "base/json.h"
#include "checkpoint/pickle.h"

namespace bonafide {

// A configuration in a pickle, as far as it is plain: numbers, texts, lists and dictionaries with
// text keys; the attributes of argparse.Namespace; what omegaconf keeps, and enumerators' values.
// Everything else is null, as None is, and so are texts that stand for another value ("${...}").
//
// Values may be shared and contain themselves, so at most 20,000 of them are visited, 16 deep, and
// texts of 1 kB: what lies beyond is null too.
Json plain_json(const Pickle& pickle, const PickleValue& value);

}  // namespace bonafide
