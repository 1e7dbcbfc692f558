"""nomenklatura's logic-v2 on pairs of names. Lines in: a JSON list [schema, left, right]; lines out:
the score and the processor time in milliseconds."""
import itertools
import json
import sys
import time

from followthemoney.proxy import EntityProxy
from nomenklatura.matching import get_algorithm
from nomenklatura.matching.types import ScoringConfig

ALGORITHM = get_algorithm("logic-v2")
CONFIG = ScoringConfig.defaults()


COUNT = itertools.count()


def entity(schema, name, side):
    # What it prepares for an entity is kept by id, so that every name needs an id of its own.
    return EntityProxy.from_dict({"id": f"{side}{next(COUNT)}", "schema": schema, "properties": {"name": [name]}})


def main():
    ALGORITHM.compare(entity("Person", "A B", "q"), entity("Person", "A B", "r"), CONFIG)
    for line in sys.stdin:
        schema, left, right = json.loads(line)
        begun = time.process_time()
        result = ALGORITHM.compare(entity(schema, left, "q"), entity(schema, right, "r"), CONFIG)
        print(json.dumps([result.score, (time.process_time() - begun) * 1000]), flush=True)


main()
