"""python -m jetlms WORD …: what ./jet calls after it has prepared the ground."""
from jetlms.cli import main

main()
