#include "corpus/trial.h"
