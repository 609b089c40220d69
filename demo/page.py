def demo_routes(runtime, *, port):
    return []
