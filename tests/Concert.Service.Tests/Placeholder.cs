// Tests of Concert.Service.
